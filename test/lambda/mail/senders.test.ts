import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { folderSender } from '../../../lambda/mail/folder-sender.ts';
import { smtpSender } from '../../../lambda/mail/smtp-sender.ts';
import { describeMailSender, type ReceivedMail } from '../../contracts/mail-sender.ts';

const from = 'WPS <wps@example.org>';

function received(parsed: ParsedMail, recipients: readonly string[]): ReceivedMail {
  return {
    recipients,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
    headers: [...parsed.headers.keys()],
  };
}

async function smtpServer(options: SMTPServerOptions = {}) {
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

describeMailSender('SMTP', async () => {
  const { url, mails, stop } = await smtpServer();
  return {
    send: smtpSender(url, from),
    last: async () => mails.at(-1) as ReceivedMail,
    // Nothing listens on port 1 of this machine.
    unreachable: smtpSender('smtp://127.0.0.1:1', from),
    stop,
  };
});

describeMailSender('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mails-'));
  const seen = new Set<string>();
  return {
    send: folderSender(folder, from),
    last: async () => {
      const name = (await readdir(folder)).find((each) => !seen.has(each)) ?? '';
      seen.add(name);
      const parsed = await simpleParser(await readFile(join(folder, name)));
      const to = [parsed.to ?? []].flat().flatMap(({ value }) => value);
      return received(
        parsed,
        to.map(({ address = '' }) => address),
      );
    },
    stop: () => rm(folder, { recursive: true }),
  };
});

describe('SMTP', () => {
  const mail = { to: 'ada@example.org', subject: 'a', text: 'b', html: 'c' };
  const answering = (responseCode: number): SMTPServerOptions => ({
    onRcptTo: (_address, _session, done) =>
      done(Object.assign(new Error('not now'), { responseCode })),
  });

  it('an SMTP sender reports a message that the server refuses for now as to be tried later', async () => {
    const { url, stop } = await smtpServer(answering(451));
    expect(await smtpSender(url, from)(mail)).toEqual({ kind: 'later', code: 'EENVELOPE 451' });
    await stop();
  });

  it('an SMTP sender reports a message that the server will never accept as refused', async () => {
    const { url, stop } = await smtpServer(answering(550));
    expect(await smtpSender(url, from)(mail)).toEqual({ kind: 'refused', code: 'EENVELOPE 550' });
    await stop();
  });

  it('an SMTP sender throws if the server broke off after it received the message', async () => {
    const server = createServer((socket) => {
      socket.write('220 ready\r\n');
      socket.on('data', (data) => {
        const said = data.toString();
        if (/^\.\r\n|\r\n\.\r\n$/.test(said)) socket.destroy();
        else if (/^DATA/i.test(said)) socket.write('354 go on\r\n');
        else if (/^(EHLO|MAIL|RCPT)/i.test(said)) socket.write('250 ok\r\n');
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(smtpSender(`smtp://127.0.0.1:${port}`, from)(mail)).rejects.toThrow();
    await new Promise((resolve) => server.close(resolve));
  });
});
