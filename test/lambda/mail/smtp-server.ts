import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { ReceivedMail } from '../../contracts/mail-sender.ts';

export function received(parsed: ParsedMail, recipients: readonly string[]): ReceivedMail {
  return {
    recipients,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
    headers: [...parsed.headers.keys()],
  };
}

/** An SMTP server of this machine that keeps what it receives, by default without TLS and users. */
export async function smtpServer(options: SMTPServerOptions = {}) {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, { envelope }, done) => {
      const parsed = await simpleParser(await buffer(stream));
      mails.push(
        received(
          parsed,
          envelope.rcptTo.map(({ address }) => address),
        ),
      );
      done();
    },
    ...options,
  });
  server.on('error', () => undefined);
  return {
    host: await listening(server.server),
    mails,
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

/** @returns host and port */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
