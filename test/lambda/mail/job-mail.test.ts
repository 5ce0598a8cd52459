import { beforeEach, describe, expect, it } from 'vitest';
import type { Job, JobInput } from '../../../batch-jobs/api/job.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { encodeMail } from '../../../lambda/mail/encode-mail.ts';
import { JobMail } from '../../../lambda/mail/job-mail.ts';
import type { Mail, MailOutcome } from '../../../lambda/mail/mail.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';

describe('mails on a job', () => {
  let objects: MemoryObjectStore;
  let store: JobStore;
  let now: Date;
  let sent: Mail[];
  let answer: (mail: Mail) => Promise<MailOutcome>;
  let log: string[];
  let mail: JobMail;

  beforeEach(() => {
    objects = new MemoryObjectStore();
    store = new JobStore(objects);
    now = new Date('2026-01-01T00:00:00Z');
    sent = [];
    answer = async () => ({ kind: 'sent' });
    log = [];
    mail = open();
  });

  function open(perRecipientAndDay = 10): JobMail {
    return new JobMail({
      objects,
      store,
      domains: ['*'],
      perRecipientAndDay,
      send: async (each) => {
        sent.push(each);
        return await answer(each);
      },
      encode: (job, event, inputs) => encodeMail(job, event, inputs, { serviceTitle: 'WPS' }),
      now: () => now,
      log: jsonLog((line) => log.push(line)),
    });
  }

  async function accepted(change: Partial<Job> = {}, ...to: string[]): Promise<Job> {
    const job = sampleJob({ submittedAt: '2026-01-01T00:00:00.000Z', ...change });
    await store.create(job, { body: '', contentType: 'application/json' }, []);
    await mail.keep(job, to.length > 0 ? to : ['ada@example.org']);
    return job;
  }

  async function end(job: Job): Promise<Job> {
    const ended = (await store.update(job.id, () => ({ status: 'succeeded' }))).job;
    await mail.note(ended);
    return ended;
  }

  const keys = async (prefix: string) => {
    const found: string[] = [];
    for await (const key of objects.list(prefix)) found.push(key);
    return found;
  };
  const subjects = () => sent.map(({ to, subject }) => `${to} ${subject}`);

  it("a job's recipients get one mail when it is accepted, and one when it has ended", async () => {
    const job = await accepted();
    await mail.tell(job);
    const ended = await end(job);
    await mail.tell(ended);
    expect(subjects()).toEqual([
      'ada@example.org Echo: your job was accepted',
      'ada@example.org Echo: your job has finished',
    ]);
    expect(sent[0]?.text).toContain(`http://127.0.0.1:8080/jobs/${job.id}\n`);
    expect(await keys('mail/to/')).toEqual([]);
    expect(await keys('mail/due/')).toEqual([]);
  });

  it('each recipient gets a message of their own', async () => {
    const job = await accepted({}, 'ada@example.org', 'bob@example.org');
    await mail.tell(job);
    expect(sent.map(({ to }) => to)).toEqual(['ada@example.org', 'bob@example.org']);
    expect(sent[0]?.text).not.toContain('bob');
  });

  it('mails are not sent twice by concurrent or later senders', async () => {
    const job = await accepted();
    await Promise.all([mail.tell(job), open().tell(job), mail.tellDue()]);
    await open().tellDue();
    const ended = await end(job);
    await mail.note(ended);
    await Promise.all([mail.tell(ended), open().tell(ended)]);
    await open().note(ended);
    await open().tell(ended);
    expect(sent).toHaveLength(2);
  });

  it('mails are not sent again if their sender died before it could record them', async () => {
    const job = await accepted();
    answer = () => new Promise(() => undefined);
    mail.tell(job).catch(() => undefined);
    await expect.poll(() => sent.length).toBe(1);
    answer = async () => ({ kind: 'sent' });
    await open().tell(job);
    now = new Date('2026-01-01T02:00:00Z');
    await open().tellDue();
    expect(sent).toHaveLength(1);
    expect(await keys('mail/due/')).toEqual([]);
  });

  it.each([
    ['a day back', '2025-12-31T00:00:00Z'],
    ['ten minutes back', '2025-12-31T23:50:00Z'],
    ['a day forward', '2026-01-02T00:00:00Z'],
  ])('mails are sent at once if the clock was set %s since they were noted', async (_, instant) => {
    await accepted();
    now = new Date(instant);
    await mail.tellDue();
    expect(sent).toHaveLength(1);
    expect(await keys('mail/due/')).toEqual([]);
  });

  it('mails do not wait for the clock of a sender that died before the clock was set back', async () => {
    const job = await accepted();
    answer = () => new Promise(() => undefined);
    mail.tell(job).catch(() => undefined);
    await expect.poll(() => sent.length).toBe(1);
    now = new Date('2025-12-31T00:00:00Z');
    await open().tellDue();
    expect(sent).toHaveLength(1);
    expect(await keys('mail/due/')).toEqual([]);
  });

  it('damaged notes of mails are logged and removed', async () => {
    const job = await accepted();
    for (const prefix of ['mail/due/', 'mail/to/']) {
      for (const key of await keys(prefix)) await objects.put(key, '{"to":', { contentType: '' });
    }
    await mail.tellDue();
    await end(job);
    expect(sent).toEqual([]);
    expect(await keys('mail/due/')).toEqual([]);
    expect(await keys('mail/to/')).toEqual([]);
    expect(log.join()).toContain('a mail was damaged and is not sent');
    expect(log.join()).toContain('the recipients of a job were damaged');
  });

  it('mails are tried again, at growing intervals, if they certainly were not accepted', async () => {
    const job = await accepted();
    answer = async () => ({ kind: 'later', code: 'ECONNECTION' });
    await mail.tell(job);
    await mail.tellDue();
    expect(sent).toHaveLength(1);
    now = new Date('2026-01-01T00:01:00Z');
    await mail.tellDue();
    now = new Date('2026-01-01T00:03:00Z');
    await mail.tellDue();
    expect(sent).toHaveLength(2);
    answer = async () => ({ kind: 'sent' });
    now = new Date('2026-01-01T00:06:00Z');
    await mail.tellDue();
    await mail.tellDue();
    expect(sent).toHaveLength(3);
    expect(await keys('mail/due/')).toEqual([]);
  });

  it('mails are not tried again if they may have been accepted, or never will be', async () => {
    const job = await accepted({}, 'ada@example.org', 'bob@example.org');
    answer = async ({ to }) => {
      if (to.startsWith('ada')) throw new Error(`silence after the message to ${to}`);
      return { kind: 'refused', code: 'EENVELOPE 550' };
    };
    await mail.tell(job);
    now = new Date('2026-01-02T00:00:00Z');
    await mail.tellDue();
    expect(sent).toHaveLength(2);
    expect(await keys('mail/due/')).toEqual([]);
  });

  it('mails never change their job, and leave no address in the log or with the job', async () => {
    const job = await accepted();
    const before = await store.read(job.id);
    answer = () => Promise.reject(new Error('no such user ada@example.org'));
    await mail.tell(job);
    expect(await store.read(job.id)).toEqual(before);
    expect(log.join('')).toContain('a mail was not sent');
    expect(log.join('')).not.toContain('ada');
    for (const key of await keys('jobs/')) {
      const content = await objects.get(key);
      expect(new TextDecoder().decode(content?.body), key).not.toContain('ada');
    }
  });

  it('a recipient gets no more mails on one day than allowed, and mails again the day after', async () => {
    mail = open(1);
    const job = await accepted({}, 'Ada@example.org');
    await mail.tell(job);
    const second = await accepted({ id: '00000000-0000-4000-8000-000000000002' });
    await mail.tell(second);
    expect(sent).toHaveLength(1);
    now = new Date('2026-01-02T00:00:00Z');
    await mail.tellDue();
    expect(await keys('mail/days/2026-01-01')).toEqual([]);
    await mail.tell(await end(second));
    expect(sent).toHaveLength(2);
  });

  it('a job that was never accepted sends no mail', async () => {
    const job = await accepted();
    await mail.forget(job);
    await mail.tell(job);
    const failed = await accepted({ id: '00000000-0000-4000-8000-000000000002' });
    await objects.delete(`jobs/${failed.id}/job.json`);
    await mail.tell(failed);
    expect(sent).toEqual([]);
    expect(await keys('mail/due/')).toEqual([]);
  });
});

describe('the mail on a failure', () => {
  const inputs = (layer: string): JobInput[] => [
    {
      identifier: 'layer',
      given: true,
      value: { kind: 'literal', value: layer, dataType: 'string' },
    },
  ];
  const process = {
    identifier: 'gs:GoGoDuck',
    version: '1',
    title: 'GoGoDuck',
    inputs: [
      {
        kind: 'literal',
        identifier: 'layer',
        title: 'Layer',
        minOccurs: 1,
        maxOccurs: 1,
        dataType: 'string',
        mail: 'named',
      },
    ],
    outputs: [{ kind: 'literal', identifier: 'a', title: 'A', dataType: 'string' }],
    job: {
      image: 'a',
      command: ['a'],
      queue: 'small',
      vcpus: 1,
      memoryMiB: 1,
      scratchGiB: 1,
      timeoutSeconds: 60,
      attempts: 1,
    },
  } as const;

  async function failureMail(text: string, layer: string) {
    const job = sampleJob({
      status: 'failed',
      endedAt: '2026-01-01T01:00:00.000Z',
      failure: { kind: 'invalid-value', text },
    });
    return await encodeMail(job, 'ended', inputs(layer), { serviceTitle: 'WPS', process });
  }

  it("a failure's mail says the amount, the limit and what to change", async () => {
    const why = 'The subset needs 12 GB in 900 files; at most 10 GB: ask for a shorter period.';
    const { text, html } = await failureMail(why, 'imos:sea_surface');
    expect(text).toContain(`Why it failed: ${why}`);
    expect(text).toContain('Layer: imos:sea_surface');
    expect(text).toContain('What you can do: ');
    expect(html).toContain(why);
  });

  it("a failure's mail repeats nothing of the request but a plain layer name", async () => {
    for (const hostile of [
      'Buy cheap watches',
      'visit-evil.example.com',
      'https://evil.example.com/',
      '<a href=x>y</a>',
      'a\r\nBcc: eve@example.org',
    ]) {
      const mail = await failureMail(`There is no layer "${hostile}".`, hostile);
      for (const part of [mail.subject, mail.text, mail.html]) {
        expect(part).not.toContain(hostile);
        expect(part).not.toMatch(/cheap|evil/);
      }
      expect(mail.text).toContain('The reason is on the page of the job.');
      expect(mail.subject).not.toMatch(/[\r\n]/);
    }
  });
});
