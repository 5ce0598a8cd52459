import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { IllegalTransition, isFinal, type Job, type JobInput } from '../../batch-jobs/api/job.ts';
import { JobNotFound, JobStore } from '../../batch-jobs/api/job-store.ts';
import { PreconditionFailed } from '../../batch-jobs/api/object-store.ts';
import { storeOffered } from '../../batch-jobs/api/offered-processes.ts';
import { FaultyObjectStore } from '../faulty-object-store.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';

describe('the job store', () => {
  let folder: string;
  let store: JobStore;
  const job = sampleJob();
  const request = { body: '<Execute/>', contentType: 'application/xml' } as const;
  const result = { attempt: 1, name: 'result.txt' };
  const statusDocument = {
    filename: 'status.xml',
    encode: (of: { status: string; percentCompleted: number }) =>
      `${of.status} ${of.percentCompleted}`,
  };
  const open = () => new JobStore(new FileObjectStore(folder), statusDocument);
  const document = (name: string) => readFile(join(folder, 'jobs', job.id, name), 'utf8');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'job-store-'));
    store = open();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('what is no job is not taken for an unfinished one', async () => {
    const objects = new MemoryObjectStore();
    const { unfinished } = new JobStore(objects);
    await unfinished.set(job.id, job.createdAt);
    for (const name of ['notes.txt', `${job.id}.bak`, '']) {
      await objects.put(`unfinished/${name}`, '', { contentType: 'text/plain' });
    }
    const found: string[] = [];
    for await (const id of unfinished.list()) found.push(id);
    expect(found).toEqual([job.id]);
  });

  it('changing a job that does not exist says so', async () => {
    await expect(store.update(job.id, () => ({ status: 'running' }))).rejects.toThrow(JobNotFound);
  });

  it('creating a job stores its request, inputs, record and status document', async () => {
    await store.create(job, request, []);
    expect(await document('request.xml')).toBe('<Execute/>');
    expect(await document('inputs.json')).toBe('[]');
    expect(JSON.parse(await document('job.json'))).toEqual({ ...job, version: 2 });
    expect(await document('status.xml')).toBe('accepted 0');
    expect((await store.read(job.id))?.job).toEqual(job);
  });

  it("a job's inputs are stored outside the record and read on demand", async () => {
    const value = { kind: 'literal', value: 'a long text', dataType: 'string' } as const;
    const inputs = [{ identifier: 'message', given: true, value }];
    await store.create(job, request, inputs);
    await store.update(job.id, () => ({ status: 'running' }));
    expect(await document('job.json')).not.toContain('a long text');
    const other = sampleJob({ id: job.id.replace('3', '4') });
    await store.create(other, request, []);
    expect(await store.readInputs(job.id)).toEqual(inputs);
    expect(await store.readInputs(other.id)).toEqual([]);
    expect(await open().readInputs(job.id)).toEqual(inputs);
  });

  it.each([
    ['application/xml', 'request.xml'],
    ['text/plain', 'request.kvp'],
    ['application/json', 'request.json'],
  ])('a request of type %s is stored as %s', async (contentType, name) => {
    await store.create(job, { body: 'as it came', contentType }, []);
    expect(await document(name)).toBe('as it came');
  });

  it('a status document that repeats the inputs receives them', async () => {
    const value = { kind: 'literal', value: 'hello', dataType: 'string' } as const;
    const repeating = {
      filename: 'status.xml',
      encode: async ({ status }: Job, inputs: () => Promise<readonly JobInput[]>) =>
        `${status} ${JSON.stringify(await inputs())}`,
    };
    const files = new FileObjectStore(folder);
    const inputs = [{ identifier: 'message', given: true, value }];
    await new JobStore(files, repeating).create(job, request, inputs);
    expect(await document('status.xml')).toBe(`accepted ${JSON.stringify(inputs)}`);
    await new JobStore(files, repeating).update(job.id, () => ({ status: 'running' }));
    expect(await document('status.xml')).toBe(`running ${JSON.stringify(inputs)}`);
  });

  it('a store without status documents writes none, and leaves an existing one alone', async () => {
    await store.create(job, request, []);
    const runner = new JobStore(new FileObjectStore(folder));
    const changed = await runner.update(job.id, () => ({ status: 'running' }));
    expect(await document('status.xml')).toBe('accepted 0');
    await store.refreshStatusDocument(changed.job.id);
    expect(await document('status.xml')).toBe('running 0');
  });

  it('removing an expired job deletes everything but the knowledge that it existed', async () => {
    await store.create(job, request, []);
    await writeFile(join(folder, 'result'), 'data');
    await store.publishOutput(job.id, result, join(folder, 'result'), 'text/plain');
    expect(await store.isExpired(job.id)).toBe(false);
    await store.expire(job.id);
    expect(await store.read(job.id)).toBeUndefined();
    expect(await store.isExpired(job.id)).toBe(true);
    expect(await open().openOutput(job.id, result)).toBeUndefined();
    const left: string[] = [];
    for await (const key of new FileObjectStore(folder).list('')) left.push(key);
    expect(left.filter((key) => key !== 'result')).toEqual([`ended/${job.id}`]);
    await store.expire(job.id);
    expect(await store.isExpired('..')).toBe(false);
  });

  it('a job that ended is known as expired after something else has removed it', async () => {
    for (const expiresByItself of [true, false]) {
      const id = job.id.replace('3', expiresByItself ? '4' : '5');
      const expiring = new JobStore(new FileObjectStore(folder), statusDocument, undefined, {
        expiresByItself,
      });
      await expiring.create({ ...job, id }, request, []);
      await expiring.finish(await expiring.update(id, () => ({ status: 'succeeded' })));
      await rm(join(folder, 'jobs', id), { recursive: true });
      expect(await expiring.isExpired(id)).toBe(expiresByItself);
    }
  });

  it('an interrupted removal of a job is completed by the next one', async () => {
    await store.create(job, request, []);
    const breaking = new FileObjectStore(folder);
    const remove = breaking.delete.bind(breaking);
    breaking.delete = async (key) => {
      if (key.endsWith('inputs.json')) throw new Error('broke off');
      await remove(key);
    };
    await expect(new JobStore(breaking).expire(job.id)).rejects.toThrow('broke off');
    expect(await store.read(job.id)).toBeUndefined();
    expect(await store.isExpired(job.id)).toBe(true);
    await store.expire(job.id);
    await expect(document('inputs.json')).rejects.toThrow('ENOENT');
  });

  it.each([
    ['is damaged', 'null', undefined, undefined],
    ['cannot be read now', undefined, 'no answer', 'no answer'],
  ])(
    'removing an expired job whose record %s ends as it must',
    async (_, damaged, fault, expected) => {
      await store.create(job, request, []);
      if (damaged !== undefined) await writeFile(join(folder, 'jobs', job.id, 'job.json'), damaged);
      const faulty = new FaultyObjectStore(new FileObjectStore(folder), {
        before: (operation, name) => {
          if (fault && operation === 'get' && name.endsWith('job.json')) throw new Error(fault);
        },
      });
      const expired = new JobStore(faulty).expire(job.id);
      if (expected === undefined) await expired;
      else await expect(expired).rejects.toThrow(expected);
      const left = await document('job.json').catch(() => 'removed');
      expect(left === 'removed').toBe(expected === undefined);
      expect(await store.isExpired(job.id)).toBe(true);
    },
  );

  it("a job's damaged inputs are none to tell, and inputs that cannot be read now are a fault", async () => {
    await store.create(job, request, []);
    await writeFile(join(folder, 'jobs', job.id, 'inputs.json'), 'null');
    expect(await open().inputsToTell(job.id)).toEqual([]);
    const faulty = new FaultyObjectStore(new FileObjectStore(folder), {
      before: () => {
        throw new Error('no answer');
      },
    });
    await expect(new JobStore(faulty).inputsToTell(job.id)).rejects.toThrow('no answer');
  });

  it("noting a submission changes neither what clients see nor the time of the job's last change", async () => {
    const created = await store.create(job, request, []);
    let isRefreshed = false;
    const objects = new FaultyObjectStore(new FileObjectStore(folder), {
      before: (_, name) => {
        isRefreshed ||= name.endsWith('status.xml');
      },
    });
    const later = new Date('2030-01-01T00:00:00.000Z');
    const noting = new JobStore(objects, statusDocument, () => later);
    const noted = await noting.noteSubmission(created, 'e-1');
    const submitted = { ...job, engineJobId: 'e-1', submittedAt: later.toISOString() };
    expect(noted.job).toEqual(submitted);
    expect(await store.read(job.id)).toEqual(noted);
    expect(isRefreshed).toBe(false);
  });

  it.each([
    ['has ended', { status: 'dismissed' }],
    ['has the name that its engine told before', { engineJobId: 'e-event' }],
  ] as const)(
    'the record of a job that %s stays as it is when its submission is noted',
    async (_, change) => {
      const created = await store.create(job, request, []);
      const changed = await store.update(job.id, () => change);
      expect(await store.noteSubmission(created, 'e-1')).toEqual(changed);
      expect(await store.read(job.id)).toEqual(changed);
    },
  );

  describe('the output that a link opens', () => {
    const links = () => {
      const objects = new MemoryObjectStore();
      objects.link = async (key, { seconds }) =>
        `https://outputs.example.org/DEV/${key.split('/').map(encodeURIComponent).join('/')}?for=${seconds}`;
      return new JobStore(objects);
    };
    const at = (rest: string) => `https://outputs.example.org/DEV/jobs/${rest}`;

    it.each([
      ['as the store made it', at(`${job.id}/outputs/1/result.txt?for=60`), 'result.txt'],
      ['that has expired', at(`${job.id}/outputs/1/result.txt?for=1`), 'result.txt'],
      ['encoded as another client does', at(`${job.id}/outputs%2F1/a%20b.txt`), 'a b.txt'],
    ])('a link %s leads to its output', async (_, href, name) => {
      expect(await links().outputOfLink(href)).toEqual({ id: job.id, place: { attempt: 1, name } });
    });

    it.each([
      ['of another host', `https://other.example.org/DEV/jobs/${job.id}/outputs/1/a`],
      ['of another prefix', `https://outputs.example.org/PROD/jobs/${job.id}/outputs/1/a`],
      ['of something else', at(`${job.id}/job.json`)],
      ['below an output', at(`${job.id}/outputs/1/a/b`)],
      ['of no job', at('other/outputs/1/a')],
      ['of no attempt', at(`${job.id}/outputs/1234567/a`)],
      ['that cannot be decoded', at(`${job.id}/outputs/1/%ff`)],
      ['that is no URL', `jobs/${job.id}/outputs/1/a`],
    ])('a link %s leads to no output', async (_, href) => {
      expect(await links().outputOfLink(href)).toBeUndefined();
    });

    it('a store that makes no links recognises none', async () => {
      expect(await store.outputOfLink(at(`${job.id}/outputs/1/a`))).toBeUndefined();
    });
  });

  it('the outputs of a job that is removed go after its record, and an interrupted removal is completed by the next one', async () => {
    await store.create(job, request, []);
    await writeFile(join(folder, 'made'), 'data');
    await store.publishOutput(job.id, result, join(folder, 'made'), 'text/plain');
    const output = { ...result, identifier: 'result', contentType: 'text/plain' };
    const outputs = [{ ...output, size: 4, sha256: 'a', filename: 'result.txt' }];
    const ended = await store.update(job.id, () => ({ status: 'succeeded', outputs }));
    const faulty = new FaultyObjectStore(new FileObjectStore(folder), {
      before: (operation) => {
        if (operation === 'delete') throw new Error('broke off');
      },
    });
    const breaking = new JobStore(faulty, statusDocument);
    await expect(breaking.remove(ended)).rejects.toThrow('broke off');
    const removed = await store.read(job.id);
    expect(removed?.job).toMatchObject({ status: 'dismissed', outputs: [] });
    expect(await document('status.xml')).toBe('dismissed 0');
    expect(await document('outputs/1/result.txt')).toBe('data');
    if (removed) await store.remove(removed);
    expect(await store.openOutput(job.id, result)).toBeUndefined();
    expect((await store.read(job.id))?.job).toEqual(removed?.job);
  });

  it.each([
    ['the record of a job', 'job.json'],
    ['the status document of a job', 'status.xml'],
  ])('%s that changes with each of fifty tries is given up', async (_, name) => {
    await store.create(job, request, []);
    let tries = 0;
    const faulty = new FaultyObjectStore(new FileObjectStore(folder), {
      before: (operation, key) => {
        if (operation !== 'put' || !key.endsWith(name)) return;
        tries++;
        throw new PreconditionFailed(key);
      },
    });
    const update = new JobStore(faulty, statusDocument).update(job.id, () => ({
      status: 'running',
    }));
    await expect(update).rejects.toThrow('changed 50 times');
    expect(tries).toBe(50);
  });

  it('the documents of a job have types by which browsers and people open them', async () => {
    const objects = new MemoryObjectStore();
    const types: Record<string, string> = {};
    const put = objects.put.bind(objects);
    objects.put = async (key, body, options) => {
      types[
        key.split('/').slice(0, 2).join('/').replace(job.id, 'id') + key.slice(key.lastIndexOf('/'))
      ] = options.contentType;
      return await put(key, body, options);
    };
    const own = new JobStore(objects, statusDocument, undefined, { expiresByItself: true });
    const stored = await own.create({ ...job, owner: 'me' }, request, []);
    const startedAt = job.createdAt;
    const ended = await own.update(stored.job.id, () => ({ status: 'succeeded', startedAt }));
    await own.durations.note(ended.job);
    await own.idempotencyKeys.claim('key', {
      jobId: job.id,
      fingerprint: 'f',
      claimedAt: startedAt,
    });
    await own.finish(ended);
    await own.setAside(job.id);
    await storeOffered(objects, []);
    expect(new Set(Object.values(types))).toEqual(
      new Set([
        'application/json',
        'application/xml',
        'text/xml',
        'text/plain',
        'application/octet-stream',
      ]),
    );
    expect(types).toMatchObject({
      'jobs/id/job.json': 'application/json',
      'jobs/id/inputs.json': 'application/json',
      'jobs/id/request.xml': 'application/xml',
      'jobs/id/status.xml': 'text/xml',
      'damaged/jobs/job.json': 'application/octet-stream',
      [`ended/id/${job.id}`]: 'text/plain',
      'offered/processes.json/processes.json': 'application/json',
      'idempotency/key/key': 'application/json',
    });
  });

  it('a second job with the same id is refused', async () => {
    await store.create(job, request, []);
    await expect(store.create(job, request, [])).rejects.toThrow(PreconditionFailed);
  });

  it('reading finds no job for an unknown id or a text that is no id', async () => {
    expect(await store.read(job.id)).toBeUndefined();
    expect(await store.read('../../etc/passwd')).toBeUndefined();
  });

  it('each change of the record updates the status document', async () => {
    await store.create(job, request, []);
    await store.update(job.id, () => ({ status: 'running', percentCompleted: 40 }));
    expect(await document('status.xml')).toBe('running 40');
  });

  it('two changes of the record in one millisecond both update the status document', async () => {
    const at = new Date(job.updatedAt);
    const own = new JobStore(new FileObjectStore(folder), statusDocument, () => at);
    await own.create(job, request, []);
    for (const percentCompleted of [10, 20]) {
      await own.update(job.id, () => ({ status: 'running', percentCompleted }));
      expect(await document('status.xml')).toBe(`running ${percentCompleted}`);
    }
  });

  it.each(['that goes on', 'that ends right after'])(
    'a delayed writer %s does not replace a later status document',
    async (how) => {
      await store.create(job, request, []);
      let arrive = () => {};
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      let puts = 0;
      const slow = new FaultyObjectStore(new FileObjectStore(folder), {
        before: async (operation, key) => {
          if (operation !== 'put' || !key.endsWith('status.xml') || puts++ > 0) return;
          arrive();
          await held;
        },
        after: (operation, key) => {
          const isWritten = operation === 'put' && key.endsWith('status.xml');
          if (isWritten && how === 'that ends right after') throw new Error('its process ended');
        },
      });
      const late = new JobStore(slow, statusDocument)
        .update(job.id, () => ({ status: 'running', percentCompleted: 40 }))
        .catch(() => undefined);
      await arrived;
      await store.finish(await store.update(job.id, () => ({ status: 'failed' })));
      letGo();
      await late;
      expect(await document('status.xml')).toBe('failed 40');
    },
  );

  it('a status document that is missing is written only if no other writer has written it', async () => {
    const objects = new MemoryObjectStore();
    await new JobStore(objects).create(job, request, []);
    const conditions: unknown[] = [];
    const put = objects.put.bind(objects);
    objects.put = async (key, body, options) => {
      conditions.push(options.condition);
      return await put(key, body, options);
    };
    const own = new JobStore(objects, statusDocument);
    await own.refreshStatusDocument(job.id);
    expect(conditions).toEqual(['absent']);
    await own.refreshStatusDocument(job.id.replace('3', '4'));
    expect(conditions).toHaveLength(1);
  });

  it('a record that is gone is set aside as nothing, and its marker is removed', async () => {
    await store.unfinished.set(job.id, job.createdAt);
    await store.setAside(job.id);
    expect(await store.unfinished.has(job.id)).toBe(false);
    const left: string[] = [];
    for await (const key of new FileObjectStore(folder).list('')) left.push(key);
    expect(left).toEqual([]);
  });

  it('a status document that is already right is not written again', async () => {
    await store.create(job, request, []);
    const writes: string[] = [];
    const noted = new FaultyObjectStore(new FileObjectStore(folder), {
      before: (operation, key) => {
        if (operation === 'put') writes.push(key);
      },
    });
    await new JobStore(noted, statusDocument).refreshStatusDocument(job.id);
    expect(writes).toEqual([]);
  });

  it('no update is lost when many processes change one record at once', async () => {
    await store.create(job, request, []);
    await store.update(job.id, () => ({ status: 'running' }));
    const writers = Array.from({ length: 6 }, open);
    await Promise.all(
      writers.flatMap((writer) =>
        Array.from({ length: 4 }, () =>
          writer.update(job.id, (now) => ({ percentCompleted: now.percentCompleted + 1 })),
        ),
      ),
    );
    expect((await store.read(job.id))?.job.percentCompleted).toBe(24);
    expect(await document('status.xml')).toBe('running 24');
  });

  it('the first of several concurrent final states wins and stays', async () => {
    await store.create(job, request, []);
    const ends = (['succeeded', 'failed', 'dismissed'] as const).map((status) =>
      open().update(job.id, (now) => (isFinal(now.status) ? undefined : { status })),
    );
    const statuses = new Set((await Promise.all(ends)).map((stored) => stored.job.status));
    expect(statuses.size).toBe(1);
    await expect(store.update(job.id, () => ({ status: 'running' }))).rejects.toThrow(
      IllegalTransition,
    );
  });

  it("a change is decided again from the latest record if the caller's copy is outdated", async () => {
    const known = await store.create(job, request, []);
    await store.update(job.id, () => ({ status: 'running', percentCompleted: 30 }));
    const { job: now } = await store.update(job.id, () => ({ engineJobId: 'e-1' }), known);
    expect(now).toMatchObject({ status: 'running', percentCompleted: 30, engineJobId: 'e-1' });
  });

  it('an output is published with its size and SHA-256', async () => {
    const path = join(folder, 'made');
    await writeFile(path, 'hello\n');
    expect(await store.publishOutput(job.id, result, path, 'text/plain')).toEqual({
      size: 6,
      sha256: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
    });
    expect(await document('outputs/1/result.txt')).toBe('hello\n');
  });

  it('an output is published in large pieces, because each costs time', async () => {
    const path = join(folder, 'made');
    await writeFile(path, Buffer.alloc((1 << 20) + 1));
    const objects = new MemoryObjectStore();
    const pieces: number[] = [];
    objects.upload = async (_, stream) => {
      for await (const piece of stream) pieces.push(piece.length);
    };
    await new JobStore(objects).publishOutput(job.id, result, path, 'text/plain');
    expect(pieces).toEqual([1 << 20, 1]);
  });

  it('a key is not taken as claimed by another request if the store does not answer', async () => {
    const faulty = new FaultyObjectStore(new FileObjectStore(folder), {
      before: () => {
        throw new Error('no answer');
      },
    });
    const keyed = { jobId: job.id, fingerprint: 'f', claimedAt: job.createdAt };
    const { idempotencyKeys } = new JobStore(faulty);
    await expect(idempotencyKeys.claim('key', keyed)).rejects.toThrow('no answer');
    expect(await store.idempotencyKeys.claim('key', keyed)).toBe(true);
    expect(await store.idempotencyKeys.claim('key', keyed)).toBe(false);
    const found = await store.idempotencyKeys.find('key');
    expect(found?.keyed).toEqual(keyed);
    // A claim that failed can be replaced, once.
    expect(await store.idempotencyKeys.claim('key', keyed, found)).toBe(true);
    const other = { ...keyed, jobId: 'other' };
    expect(
      found && (await store.idempotencyKeys.claim('key', other, { ...found, etag: 'x' })),
    ).toBe(false);
    await store.idempotencyKeys.release('key');
    expect(await store.idempotencyKeys.find('key')).toBeUndefined();
  });

  it('a file that cannot be read is not published', async () => {
    const publish = store.publishOutput(job.id, result, join(folder, 'absent'), 'text/plain');
    await expect(publish).rejects.toThrow('ENOENT');
    expect(await store.openOutput(job.id, result)).toBeUndefined();
  });

  describe('the marker of an unfinished job', () => {
    const final = () => store.update(job.id, () => ({ status: 'failed' }));
    const later = (seconds: number) => new Date(Date.parse(job.createdAt) + seconds * 1000);
    const unfinished = async () => {
      const ids: string[] = [];
      for await (const id of store.unfinished.list()) ids.push(id);
      return ids;
    };

    it('the marker of an unfinished job exists from before its record until the job is finished', async () => {
      await store.create(job, request, []);
      expect(await unfinished()).toEqual([job.id]);
      const stored = await final();
      expect(await unfinished()).toEqual([job.id]);
      expect(await store.finish(stored)).toBe(true);
      expect(await unfinished()).toEqual([]);
    });

    it('the marker stays when the record cannot be written, so that a sweep finds the rest', async () => {
      await mkdir(join(folder, 'jobs', job.id, 'job.json'), { recursive: true });
      await expect(store.create(job, request, [])).rejects.toThrow();
      expect(await unfinished()).toEqual([job.id]);
    });

    it('the marker and the other documents are removed if writing the record was never attempted', async () => {
      await mkdir(join(folder, 'jobs', job.id, 'inputs.json'), { recursive: true });
      await expect(store.create(job, request, [])).rejects.toThrow();
      expect(await unfinished()).toEqual([]);
    });

    it('exactly one of several callers that finish a job is the first', async () => {
      await store.create(job, request, []);
      const stored = await final();
      const told = await Promise.all(Array.from({ length: 8 }, () => open().finish(stored)));
      expect(told.filter(Boolean)).toHaveLength(1);
      expect(await store.finish(stored)).toBe(false);
    });

    it('only one caller counts a job whose marker could not be removed after the job was counted', async () => {
      await store.create(job, request, []);
      await final();
      await writeFile(join(folder, 'unfinished', job.id), 'finished');
      const stored = await store.read(job.id);
      expect(stored && (await store.finish(stored))).toBe(false);
      expect(await unfinished()).toEqual([]);
    });

    it('the marker is removed only after the status document agrees with the record', async () => {
      await store.create(job, request, []);
      const stored = await final();
      await writeFile(join(folder, 'jobs', job.id, 'status.xml'), 'as it was before a crash');
      await store.finish(stored);
      expect(await document('status.xml')).toBe('failed 0');
    });

    it('a marker without a record is removed once it is too old to belong to a running request', async () => {
      await store.create(job, request, []);
      await store.unfinished.forgetUnrecorded(job.id, later(59.999), 60);
      expect(await unfinished()).toEqual([job.id]);
      await store.unfinished.forgetUnrecorded(job.id, later(60), 60);
      expect(await unfinished()).toEqual([]);
      await store.unfinished.forgetUnrecorded(job.id, later(61), 60);
    });

    it('a marker without a record is kept while its date is ahead by no more than clocks may differ', async () => {
      await store.create(job, request, []);
      await store.unfinished.forgetUnrecorded(job.id, later(-15 * 60), 60);
      expect(await document(join('..', '..', 'unfinished', job.id))).toBe(job.createdAt);
    });

    it('a marker without a record gets a new date after a clock was set back, and is removed in time', async () => {
      await store.create(job, request, []);
      const now = later(-3600);
      await store.unfinished.forgetUnrecorded(job.id, now, 60);
      expect(await document(join('..', '..', 'unfinished', job.id))).toBe(now.toISOString());
      await store.unfinished.forgetUnrecorded(job.id, new Date(now.getTime() + 60_000), 60);
      expect(await unfinished()).toEqual([]);
    });

    it.each([
      [
        'gets no new date',
        'that another has changed meanwhile',
        () => new PreconditionFailed('a'),
        undefined,
      ],
      ['is a fault', 'that cannot be written', () => new Error('no answer'), 'no answer'],
    ])('a marker without a record %s if it is one %s', async (_, __, fault, expected) => {
      await store.create(job, request, []);
      const faulty = new FaultyObjectStore(new FileObjectStore(folder), {
        before: (operation, key) => {
          if (operation === 'put' && key.startsWith('unfinished/')) throw fault();
        },
      });
      const { unfinished: markers } = new JobStore(faulty);
      const forgetting = markers.forgetUnrecorded(job.id, later(-3600), 60);
      if (expected === undefined) await forgetting;
      else await expect(forgetting).rejects.toThrow(expected);
      expect(await unfinished()).toEqual([job.id]);
    });

    it('a job whose marker cannot be written is not counted as finished by two callers', async () => {
      await store.create(job, request, []);
      const faulty = new FaultyObjectStore(new FileObjectStore(folder), {
        before: (operation, key) => {
          if (operation === 'put' && key.startsWith('unfinished/')) throw new Error('no answer');
        },
      });
      await expect(new JobStore(faulty).finish(await final())).rejects.toThrow('no answer');
      expect(await unfinished()).toEqual([job.id]);
    });

    it('a marker without a record is removed regardless of its date on request', async () => {
      await store.create(job, request, []);
      await store.unfinished.forgetUnrecorded(job.id, later(-3600), Number.NEGATIVE_INFINITY);
      expect(await unfinished()).toEqual([]);
    });

    it('a marker without a record is removed if its job was finished', async () => {
      await mkdir(join(folder, 'unfinished'), { recursive: true });
      await writeFile(join(folder, 'unfinished', job.id), 'finished');
      await store.unfinished.forgetUnrecorded(job.id, later(0), 60);
      expect(await unfinished()).toEqual([]);
    });
  });
});
