import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { SendMail } from './mail.ts';
import { smtpMessage } from './smtp-message.ts';

/**
 * Writes mails as files of a folder, for tests and to show what would be sent. Each file is one message as a
 * server would receive it (RFC 5322), has the extension `.eml`, and appears atomically.
 */
export function folderSender(folder: string, from: string): SendMail {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return async (mail) => {
    const { message } = await transport.sendMail(smtpMessage(mail, from));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const name = `${Date.now()}-${randomUUID()}`;
    await writeFile(join(folder, `.${name}`), message as Buffer, { mode: 0o600 });
    await rename(join(folder, `.${name}`), join(folder, `${name}.eml`));
    return { kind: 'sent' };
  };
}
