import { createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../../batch-jobs/api/job.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { CallbackKey } from '../../../lambda/callbacks/callback-key.ts';
import { Callbacks } from '../../../lambda/callbacks/callbacks.ts';
import { encodeCallback } from '../../../lambda/callbacks/encode-callback.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';

const subscriber = {
  successUri: 'https://portal.example.org/done?a=b',
  inProgressUri: 'https://portal.example.org/on',
  failedUri: 'https://portal.example.org/failed',
};

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

describe('callbacks', () => {
  let objects: MemoryObjectStore;
  let store: JobStore;
  let now: Date;
  let sent: Sent[];
  let answer: () => number;
  let log: string[];
  let hosts: string[];
  let callbacks: Callbacks;

  beforeEach(() => {
    objects = new MemoryObjectStore();
    store = new JobStore(objects);
    now = new Date('2026-01-01T00:00:00Z');
    sent = [];
    answer = () => 204;
    log = [];
    hosts = ['portal.example.org'];
    open();
  });

  function open() {
    callbacks = new Callbacks({
      objects,
      store,
      key: () => CallbackKey.of(objects),
      send: async (url, headers, body) => {
        sent.push({ url, headers, body });
        return answer();
      },
      hosts,
      encode: async (job, event) => encodeCallback(job, event, {}),
      now: () => now,
      log: jsonLog((line) => log.push(line)),
    });
  }

  async function jobWith(change: Partial<Job>): Promise<Job> {
    const job = sampleJob({ subscriber, ...change });
    await store.create(job, { body: '', contentType: 'application/json' }, []);
    return job;
  }

  const pending = async () => {
    const keys: string[] = [];
    for await (const key of objects.list('callbacks/')) keys.push(key);
    return keys;
  };

  const ended = {
    status: 'succeeded',
    outputs: [
      {
        identifier: 'result',
        name: 'result.txt',
        attempt: 1,
        contentType: 'text/plain',
        size: 3,
        sha256: '',
        filename: 'result.txt',
      },
    ],
  } as const;

  it('a success callback contains the results document', async () => {
    const job = await jobWith(ended);
    await callbacks.note(job);
    await callbacks.tell(job);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe(subscriber.successUri);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      result: {
        href: `http://127.0.0.1:8080/jobs/${job.id}/results/result`,
        type: 'text/plain',
        title: 'Result',
      },
    });
    expect(await pending()).toEqual([]);
  });

  it('a failure callback contains the status, and why', async () => {
    const job = await jobWith({
      status: 'failed',
      failure: { kind: 'invalid-value', text: 'Too dry.' },
    });
    await callbacks.note(job);
    await callbacks.tell(job);
    expect(sent[0]?.url).toBe(subscriber.failedUri);
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      status: 'failed',
      exception: { detail: 'Too dry.' },
    });
  });

  it('a progress callback is sent while the job runs', async () => {
    const job = await jobWith({ status: 'running' });
    await callbacks.note(job);
    await callbacks.tell(job);
    expect(sent[0]?.url).toBe(subscriber.inProgressUri);
    answer = () => 500;
    await callbacks.note(job);
    await callbacks.tell(job);
    await store.update(job.id, () => ({ status: 'succeeded' }));
    now = new Date('2026-01-01T01:00:00Z');
    await callbacks.tellDue();
    expect(sent).toHaveLength(2);
    expect(await pending()).toEqual([]);
  });

  it.each([
    ['a day back', '2025-12-31T00:00:00Z'],
    ['ten minutes back', '2025-12-31T23:50:00Z'],
    ['a day forward', '2026-01-02T00:00:00Z'],
  ])(
    'a callback is sent at once if the clock was set %s since it was noted',
    async (_, instant) => {
      const job = await jobWith(ended);
      await callbacks.note(job);
      now = new Date(instant);
      await callbacks.tellDue();
      expect(sent).toHaveLength(1);
      expect(await pending()).toEqual([]);
    },
  );

  it('a callback is tried again soon, but not at every look, if the clock was set back after a failed try', async () => {
    const job = await jobWith(ended);
    answer = () => 500;
    await callbacks.note(job);
    await callbacks.tell(job);
    now = new Date('2025-12-31T00:00:00Z');
    await callbacks.tellDue();
    await callbacks.tellDue();
    expect(sent).toHaveLength(2);
    answer = () => 204;
    now = new Date('2025-12-31T00:05:00Z');
    await callbacks.tellDue();
    expect(sent).toHaveLength(3);
    expect(await pending()).toEqual([]);
  });

  it.each(['', 'null', '{}', '[]'])(
    'a callback is sent even if its notes became %j',
    async (text) => {
      const job = await jobWith(ended);
      await callbacks.note(job);
      for (const key of await pending())
        await objects.put(key, text, { contentType: 'text/plain' });
      await callbacks.tellDue();
      expect(sent).toHaveLength(1);
      expect(await pending()).toEqual([]);
    },
  );

  it('no callback is sent without a subscriber, or for a job that its client dismissed', async () => {
    const job = await jobWith({ status: 'failed', subscriber: { successUri: 'https://a.org/' } });
    await callbacks.note(job);
    await callbacks.note({ ...job, status: 'dismissed' });
    await callbacks.note({ ...job, status: 'accepted' });
    expect(await pending()).toEqual([]);
  });

  it('callbacks are signed so that receivers can verify them, with the same id for each try', async () => {
    const job = await jobWith(ended);
    answer = () => 503;
    await callbacks.note(job);
    await callbacks.tell(job);
    now = new Date('2026-01-01T00:01:00Z');
    await callbacks.tellDue();
    const { x } = (await CallbackKey.of(objects)).publicKey();
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const ids = sent.map(({ headers, body }) => {
      const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': mark } = headers;
      const [version, signature = ''] = (mark ?? '').split(',');
      expect(version).toBe('v1a');
      const isSigned = (text: string) =>
        verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
      expect(isSigned(`${id}.${time}.${body}`)).toBe(true);
      expect(isSigned(`${id}.${time}.${body} `)).toBe(false);
      return id;
    });
    expect(sent.map(({ headers }) => headers['webhook-timestamp'])).toEqual([
      '1767225600',
      '1767225660',
    ]);
    expect(new Set(ids).size).toBe(1);
  });

  it('concurrent callers create one signing key', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => CallbackKey.of(objects)));
    expect(new Set(keys.map((key) => key.publicKey().x)).size).toBe(1);
  });

  it('a callback is tried again, at growing intervals, until it is received', async () => {
    const job = await jobWith(ended);
    const statuses = [500, 302, 404, 200];
    answer = () => statuses[sent.length - 1] ?? 0;
    await callbacks.note(job);
    await callbacks.tell(job);
    const tries = () => sent.length;
    await callbacks.tellDue();
    expect(tries()).toBe(1);
    const at = async (time: string) => {
      now = new Date(`2026-01-01T${time}Z`);
      await callbacks.tellDue();
      return tries();
    };
    expect(await at('00:00:59')).toBe(1);
    expect(await at('00:01:00')).toBe(2);
    expect(await at('00:05:59')).toBe(2);
    expect(await at('00:06:00')).toBe(3);
    expect(await at('00:21:00')).toBe(4);
    expect(await pending()).toEqual([]);
    expect(await at('23:00:00')).toBe(4);
  });

  it('a callback is given up after a day, with an error in the log', async () => {
    const job = await jobWith(ended);
    answer = () => 500;
    await callbacks.note(job);
    for (let hour = 0; hour < 48; hour++) {
      await callbacks.tellDue();
      now = new Date(now.getTime() + 3_600_000);
    }
    expect(sent).toHaveLength(8);
    expect(await pending()).toEqual([]);
    expect(log.at(-1)).toContain('the client could not be told');
  });

  it('a callback survives a process that ends before sending it', async () => {
    const job = await jobWith(ended);
    await callbacks.note(job);
    open();
    await callbacks.tellDue();
    expect(sent).toHaveLength(1);
  });

  it('a callback is not lost if the receiver cannot be reached', async () => {
    const job = await jobWith(ended);
    answer = () => {
      throw new Error('refused');
    };
    await callbacks.note(job);
    await callbacks.tell(job);
    expect(await pending()).toHaveLength(1);
    expect(log.join()).toContain('a callback was not sent');
  });

  it('a callback is not sent to a host that is no longer allowed', async () => {
    const job = await jobWith(ended);
    await callbacks.note(job);
    hosts = ['other.example.org'];
    open();
    await callbacks.tell(job);
    expect(sent).toEqual([]);
    expect(await pending()).toEqual([]);
  });

  it('callbacks of one job do not hold up those of others', async () => {
    const job = await jobWith(ended);
    const other = job.id.replace('3', '0');
    await objects.put(`callbacks/${other}-success`, '{}', { contentType: 'application/json' });
    await objects.put(`jobs/${other}/job.json`, 'no JSON', { contentType: 'application/json' });
    await callbacks.note(job);
    await callbacks.tellDue();
    expect(sent).toHaveLength(1);
    expect(log.join()).toContain('a callback was not looked at');
  });
});
