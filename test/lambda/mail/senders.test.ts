import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { folderSender } from '../../../lambda/mail/folder-sender.ts';
import { smtpSender } from '../../../lambda/mail/smtp-sender.ts';
import { describeMailSender, type ReceivedMail } from '../../contracts/mail-sender.ts';
import { listening, received, smtpServer } from './smtp-server.ts';

const from = 'WPS <wps@example.org>';

describeMailSender('SMTP', async () => {
  const { host, mails, stop } = await smtpServer();
  return {
    send: smtpSender(`smtp://${host}`, from),
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
    const { host, stop } = await smtpServer(answering(451));
    expect(await smtpSender(`smtp://${host}`, from)(mail)).toEqual({
      kind: 'later',
      code: 'EENVELOPE 451',
    });
    await stop();
  });

  it('an SMTP sender reports a message that the server will never accept as refused', async () => {
    const { host, stop } = await smtpServer(answering(550));
    expect(await smtpSender(`smtp://${host}`, from)(mail)).toEqual({
      kind: 'refused',
      code: 'EENVELOPE 550',
    });
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
    const host = await listening(server);
    await expect(smtpSender(`smtp://${host}`, from)(mail)).rejects.toThrow();
    await new Promise((resolve) => server.close(resolve));
  });
});
