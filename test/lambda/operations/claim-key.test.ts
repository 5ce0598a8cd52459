import { describe, expect, it } from 'vitest';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import { claimKey } from '../../../lambda/operations/claim-key.ts';
import type { Dependencies } from '../../../lambda/operations/dependencies.ts';
import { execute } from '../../../lambda/operations/execute.ts';
import type { ExecuteCommand } from '../../../lambda/operations/execute-command.ts';
import { FaultyObjectStore } from '../../faulty-object-store.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const command = (change: Partial<ExecuteCommand> = {}): ExecuteCommand => ({
  process: 'fixed',
  inputs: [],
  outputs: [],
  mode: 'async',
  presentation: { protocol: 'a-protocol' },
  received: { body: '{}', contentType: 'application/json' },
  idempotencyKey: 'a-key',
  ...change,
});

const idOf = (number: number) => `3f0e9a52-8a3b-4c58-9d1f-00000000000${number}`;
const mine = { owner: 'me', listsAllJobs: false };

/** A service where the owner has claimed the key for the first job, which is not stored yet. */
async function claimed() {
  const service = serviceUnderTest({ caller: mine });
  const dependencies: Dependencies = {
    ...service.dependencies,
    log: requestLog(service.dependencies.log),
  };
  const claim = (change: Partial<ExecuteCommand> = {}, more: Partial<Dependencies> = {}) =>
    claimKey(command(change), idOf(2), { ...dependencies, ...more });
  await claimKey(command(), idOf(1), dependencies);
  const later = (seconds: number) => ({
    now: () => new Date(dependencies.now().getTime() + seconds * 1000),
  });
  return { ...service, dependencies, claim, later };
}

const isFree = { release: expect.any(Function) };
const isUnderWay = {
  kind: 'busy',
  subject: 'Idempotency-Key',
  retryAfterSeconds: 2,
};

describe('an idempotency key', () => {
  it('an idempotency key is free again before its client learns that the request failed', async () => {
    const steps: string[] = [];
    const objects = new FaultyObjectStore(new MemoryObjectStore(), {
      before: async (operation, key) => {
        if (key.endsWith('inputs.json')) throw new Error('no answer');
        if (operation !== 'delete' || !key.startsWith('idempotency/')) return;
        for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
        steps.push('released');
      },
    });
    const { dependencies } = serviceUnderTest({ caller: mine, objects });
    const log = requestLog(dependencies.log);
    await execute(command(), { ...dependencies, log }).catch(() => steps.push('failed'));
    expect(steps).toEqual(['released', 'failed']);
  });

  it.each([
    ['another key', { idempotencyKey: 'another-key' }, {}],
    ['the key of another caller', {}, { caller: { owner: 'other', listsAllJobs: false } }],
    ['the key of callers without an identity', {}, { caller: { listsAllJobs: false } }],
  ])('an idempotency key is not mistaken for that of %s', async (_, change, more) => {
    const { claim } = await claimed();
    expect(await claim(change, more)).toEqual(isFree);
  });

  it.each([
    ['another body', { received: { body: '{ }', contentType: 'application/json' } }],
    ['another process', { process: 'echo' }],
  ])('an idempotency key is refused with %s', async (_, change) => {
    const { claim } = await claimed();
    await expect(claim(change)).rejects.toMatchObject({
      kind: 'invalid-value',
      subject: 'Idempotency-Key',
    });
  });

  it('an idempotency key stands for its job once that is stored, regardless of its age', async () => {
    const { claim, store, later } = await claimed();
    const job = sampleJob({ id: idOf(1) });
    await store.create(job, { body: '{}', contentType: 'application/json' }, []);
    expect(await claim({}, later(86_400))).toEqual({ first: job });
  });

  it('an idempotency key of a failed request can be claimed after the longest time of a request', async () => {
    const { claim, later } = await claimed();
    await expect(claim({}, later(60))).rejects.toMatchObject(isUnderWay);
    expect(await claim({}, later(60.001))).toEqual(isFree);
    // The new request holds the key now.
    await expect(claim({}, later(60.001))).rejects.toMatchObject(isUnderWay);
  });

  it('a released idempotency key may be used again', async () => {
    const { dependencies, claim } = await claimed();
    const other = { idempotencyKey: 'another-key' };
    const taken = await claim(other);
    if ('release' in taken) await taken.release();
    expect(await claimKey(command(other), idOf(3), dependencies)).toEqual(isFree);
  });

  it('an idempotency key is free again before its request is refused', async () => {
    const { dependencies, engine, store } = await claimed();
    engine.isBusy = true;
    const { idempotencyKeys } = store;
    const release = idempotencyKeys.release.bind(idempotencyKeys);
    let isReleased = false;
    idempotencyKeys.release = async (hash) => {
      await release(hash);
      isReleased = true;
    };
    const refused = execute(command({ idempotencyKey: 'another-key' }), dependencies);
    await expect(refused).rejects.toMatchObject({ kind: 'busy' });
    expect(isReleased).toBe(true);
  });
});
