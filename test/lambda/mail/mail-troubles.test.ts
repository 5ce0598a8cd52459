import { createServer, type Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { openMail } from '../../../lambda/mail/open-mail.ts';
import { smtpSender } from '../../../lambda/mail/smtp-sender.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { type Identity, makeIdentity } from '../../runner/tls-identity.ts';
import { sampleJob } from '../../sample-job.ts';
import { listening, smtpServer } from './smtp-server.ts';

describe('mails on a job over SMTP', () => {
  const address = 'ada@example.org';
  let objects: MemoryObjectStore;
  let store: JobStore;
  let log: string[];
  let stop: () => Promise<unknown>;

  beforeEach(() => {
    objects = new MemoryObjectStore();
    store = new JobStore(objects);
    log = [];
    stop = async () => undefined;
  });
  afterEach(() => stop());

  let identity: Identity;
  beforeAll(async () => {
    identity = await makeIdentity('127.0.0.1');
  });

  async function serve(options: SMTPServerOptions) {
    const server = await smtpServer({ ...identity, ...options });
    stop = server.stop;
    return server;
  }

  function mailOver(url: string, patience?: number) {
    const sender = async () => smtpSender(url, 'WPS <wps@example.org>', patience);
    const parts = { domains: ['*'], perRecipientAndDay: 10, serviceTitle: 'WPS', retention: {} };
    const catalogue = async () => [];
    const now = () => new Date('2026-01-01T00:00:00Z');
    const own = jsonLog((line) => log.push(line));
    return openMail({ ...parts, objects, store, catalogue, now, log: own }, sender);
  }

  /** Tells a recipient of a job's start and end, and checks that the job is as if there were no mail. */
  async function tell(mail: ReturnType<typeof mailOver>) {
    const job = sampleJob({ submittedAt: '2026-01-01T00:00:00.000Z' });
    await store.create(job, { body: '', contentType: 'application/json' }, []);
    await mail.keep(job, [address]);
    for (const status of [undefined, 'succeeded'] as const) {
      if (status) await mail.note((await store.update(job.id, () => ({ status }))).job);
      const before = await store.read(job.id);
      await mail.tell(job);
      expect(await store.read(job.id)).toEqual(before);
    }
    for await (const key of objects.list('jobs/')) {
      const content = await objects.get(key);
      expect(new TextDecoder().decode(content?.body), key).not.toContain('ada');
    }
    expect(log.join('')).not.toContain('ada');
  }

  async function keysOf(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const key of objects.list(prefix)) keys.push(key);
    return keys;
  }

  it('mails on a job are sent with user, password and TLS where the server asks for them', async () => {
    const sessions: [user: string | undefined, isSecure: boolean][] = [];
    const { host, mails } = await serve({
      authOptional: false,
      disabledCommands: [],
      onAuth: ({ username, password }, { secure }, done) => {
        sessions.push([username, secure]);
        if (password === 's3cret/') done(null, { user: username });
        else done(new Error('wrong password'));
      },
    });
    // The server signs its certificate itself.
    await tell(mailOver(`smtp://wps:s3cret%2F@${host}?tls.rejectUnauthorized=false`));
    expect(mails.map(({ subject, recipients }) => [subject, recipients])).toEqual([
      ['Echo: your job was accepted', [address]],
      ['Echo: your job has finished', [address]],
    ]);
    expect(sessions).toEqual([
      ['wps', true],
      ['wps', true],
    ]);
  });

  it('mails on a job give no password to a server without TLS, or with a certificate of its own', async () => {
    const passwords: unknown[] = [];
    for (const [disabledCommands, code] of [
      [['STARTTLS'], 'ETLS 500'],
      [[], 'CERT'],
    ] as const) {
      const { host, mails } = await serve({
        disabledCommands: [...disabledCommands],
        onAuth: ({ password }, _session, done) => {
          passwords.push(password);
          done(null, { user: 'wps' });
        },
      });
      await tell(mailOver(`smtp://wps:secret@${host}`));
      await stop();
      expect(mails).toEqual([]);
      expect(log.filter((line) => line.includes('a mail was put off'))).toHaveLength(2);
      expect(log.join('')).toContain(code);
      expect(log.join('')).not.toContain('secret');
      expect(await keysOf('mail/due/')).toHaveLength(2);
      log = [];
      objects = new MemoryObjectStore();
      store = new JobStore(objects);
    }
    expect(passwords).toEqual([]);
  });

  it('mails on a job are put off if the server refuses the password, which the operator can mend', async () => {
    const { host } = await serve({
      disabledCommands: [],
      onAuth: (_auth, _session, done) => done(new Error('wrong password')),
    });
    await tell(mailOver(`smtp://wps:secret@${host}?tls.rejectUnauthorized=false`));
    expect(log.join('')).toContain('EAUTH 535');
    expect(await keysOf('mail/due/')).toHaveLength(2);
  });

  it('mails on a job that the server refuses for their recipient are given up, and the job is untouched', async () => {
    let asked = 0;
    const { host, mails } = await serve({
      onRcptTo: ({ address: to }, _session, done) => {
        asked += 1;
        done(Object.assign(new Error(`<${to}> no such user`), { responseCode: 550 }));
      },
    });
    const mail = mailOver(`smtp://${host}`);
    await tell(mail);
    await mail.tellDue();
    expect(mails).toEqual([]);
    expect(asked).toBe(2);
    expect(await keysOf('mail/due/')).toEqual([]);
    expect(log.join('')).toContain('EENVELOPE 550');
  });

  it.each([
    ['never answers', () => undefined],
    [
      'is silent when TLS begins',
      (socket: Socket) => {
        socket.write('220 silent\r\n');
        socket.on('data', (data) => {
          const [command] = String(data).split(/\s/);
          if (command === 'EHLO') socket.write('250-silent\r\n250 STARTTLS\r\n');
          if (command === 'STARTTLS') socket.write('220 begin\r\n');
        });
      },
    ],
  ])('mails on a job whose server %s are put off, and the job is untouched', async (_, answer) => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      answer(socket);
    });
    stop = async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    };
    await tell(mailOver(`smtp://${await listening(silent)}`, 500));
    await expect.poll(() => sockets.size).toBe(2);
    expect(log.join('')).toContain('a mail was put off');
    expect(await keysOf('mail/due/')).toHaveLength(2);
  });
});
