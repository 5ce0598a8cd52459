import { beforeEach, describe, expect, it } from 'vitest';
import { FaultyObjectStore, type StoreFaults } from '../../faulty-object-store.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../../service-under-test.ts';

const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
const never = () => new Promise<never>(() => undefined);
const execute = 'service=WPS&version=1.0.0&request=Execute&identifier=fixed';
const asynchronous = `${execute}&storeExecuteResponse=true&status=true`;

/**
 * A request, and its job, when something that the service depends on does not answer. The clock stands still:
 * a call that hangs lets the deadline pass.
 */
describe('a request whose time passes', () => {
  let work: AbortController;
  let answer: AbortController;
  let faults: StoreFaults;
  let service: ServiceUnderTest;
  beforeEach(() => {
    work = new AbortController();
    answer = new AbortController();
    faults = {};
    service = serviceUnderTest({
      mintJobId: () => id,
      objects: new FaultyObjectStore(new MemoryObjectStore(), {
        before: (operation, key) => faults.before?.(operation, key),
      }),
      deadline: (arrivedAt) => ({ arrivedAt, work: work.signal, answer: answer.signal }),
    });
  });
  const record = async () => (await service.store.read(id))?.job;
  const passes = () => {
    work.abort();
    answer.abort();
  };
  /** Lets time pass at a call, which then waits until the returned function is called. */
  const stopAt = (operation: string, document: string, pass: () => void, time = 1) => {
    let calls = 0;
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    faults = {
      before: async (called, key) => {
        if (called !== operation || !key.endsWith(document) || ++calls !== time) return;
        pass();
        await held;
      },
    };
    return () => goOn();
  };

  it('a request whose engine does not accept in time fails, and its job with it', async () => {
    service.engine.submit = () => {
      work.abort();
      return never();
    };
    const { status, exception } = await service.get(asynchronous);
    expect(status).toBe(500);
    expect(exception().text).toContain('could not be submitted');
    expect(await record()).toMatchObject({ status: 'failed' });
  });

  it('a request whose engine does not answer in time gets its job if that is already running', async () => {
    service.engine.submit = async () => {
      await service.store.update(id, () => ({ status: 'running', claim: 'e-1', attempt: 1 }));
      work.abort();
      return never();
    };
    const { status, select } = await service.get(asynchronous);
    expect(status).toBe(200);
    expect(select('//@statusLocation')[0]).toContain(id);
    expect(await record()).toMatchObject({ status: 'running' });
  });

  it('a request whose submission is not noted in time gets its job, which runs', async () => {
    const goOn = stopAt('put', 'job.json', () => work.abort(), 2);
    service.engine.isHeld = true;
    const { status, select } = await service.get(asynchronous);
    expect(status).toBe(200);
    expect(select('//wps:ProcessAccepted')).toHaveLength(1);
    goOn();
    await expect.poll(record).toMatchObject({ status: 'accepted', engineJobId: `e-${id}` });
  });

  it('a request whose count of unfinished jobs takes too long gets an exception report, and creates no job', async () => {
    const goOn = stopAt('list', 'unfinished/', () => work.abort());
    const { status } = await service.get(asynchronous);
    expect(status).toBe(504);
    goOn();
    expect(await record()).toBeUndefined();
  });

  it('a request whose job is not stored in time gets an exception report, and the job is never submitted', async () => {
    const goOn = stopAt('put', 'job.json', passes);
    let submissions = 0;
    service.engine.submit = async () => {
      submissions++;
      return { engineJobId: 'e-1' };
    };
    const { status, exception } = await service.get(asynchronous);
    expect(status).toBe(504);
    expect(exception()).toMatchObject({
      code: 'NoApplicableCode',
      text: 'The service could not answer in time. Please send the request again later.',
    });
    // The write succeeds in the end.
    goOn();
    await expect.poll(record).toMatchObject({ status: 'failed' });
    expect(submissions).toBe(0);
  });

  it.each(['get', 'wait'])(
    "a request that waits too long for its job (%s) gets the job's address",
    async (what) => {
      service.engine.isHeld = true;
      if (what === 'get') stopAt('get', 'job.json', () => work.abort());
      else {
        const { dependencies } = service;
        Object.assign(dependencies, {
          wait: () => {
            work.abort();
            return never();
          },
        });
      }
      const { status, exception } = await service.get(execute);
      expect(status).toBe(400);
      expect(exception().text).toContain(`jobStatus?jobId=${id}`);
      expect(await record()).toMatchObject({ status: 'accepted', engineJobId: `e-${id}` });
    },
  );

  it('a request waits less for its job the longer it has been in progress', async () => {
    const start = service.dependencies.now().getTime();
    const late = serviceUnderTest({
      limits: { syncTimeoutSeconds: 20 },
      deadline: (now) => ({
        arrivedAt: new Date(now.getTime() - 15_000),
        work: work.signal,
        answer: answer.signal,
      }),
    });
    late.engine.isHeld = true;
    expect((await late.get(execute)).status).toBe(400);
    expect(late.dependencies.now().getTime() - start).toBe(5_000);
  });

  it('a status request gets the stored record if the engine does not answer in time', async () => {
    service.engine.isHeld = true;
    await service.get(asynchronous);
    await service.dependencies.wait(400_000);
    service.engine.describe = () => {
      work.abort();
      return never();
    };
    const { status, select } = await service.send({
      path: '/TEST/wps/jobStatus',
      query: `jobId=${id}`,
    });
    expect(status).toBe(200);
    expect(select('//wps:ProcessAccepted')).toHaveLength(1);
    expect(service.log.join()).toContain('overdue job was not repaired');
  });

  it('a dismissal is answered even if the engine does not end the run in time', async () => {
    service.engine.isHeld = true;
    await service.get(asynchronous);
    service.engine.terminate = () => {
      work.abort();
      return never();
    };
    const { status } = await service.send({
      method: 'DELETE',
      path: '/TEST/wps/jobStatus',
      query: `jobId=${id}`,
    });
    expect(status).toBe(200);
    expect(await record()).toMatchObject({ status: 'dismissed' });
  });

  it('a request whose answer is not read in time gets an exception report', async () => {
    stopAt('get', 'job.json', passes);
    const { status } = await service.send({
      path: '/TEST/wps/jobStatus',
      query: `jobId=${id}`,
    });
    expect(status).toBe(504);
  });
});
