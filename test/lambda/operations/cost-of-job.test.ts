import { expect, it } from 'vitest';
import type { QueueTraits } from '../../../lambda/configuration/queue-traits.ts';
import { plainQueues } from '../../../lambda/configuration/queue-traits.ts';
import type { Caller } from '../../../lambda/operations/dependencies.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const priced: QueueTraits = {
  platform: 'EC2',
  scheduling: 'first-come',
  price: { kind: 'machine', vcpus: 1, memoryGiB: 1024, usdPerHour: 36_000 },
};
const mine: Caller = { owner: 'me', listsAllJobs: false };

/** A job that has ended, with its record, its status and its page. The clock stands still during the job. */
async function told(caller: Caller | undefined, traits: QueueTraits) {
  const service = serviceUnderTest({
    ...(caller ? { caller } : {}),
    configuration: { queueTraits: { ...plainQueues, small: traits } },
  });
  const run = await service.send({
    method: 'POST',
    path: '/TEST/processes/fixed/execution',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: Buffer.from('{}'),
  });
  const { jobID } = JSON.parse(run.text) as { jobID: string };
  await service.engine.idle();
  const job = (await service.store.read(jobID))?.job;
  const at = (accept: string) =>
    service.send({ method: 'GET', path: `/TEST/jobs/${jobID}`, headers: { accept } });
  const status = JSON.parse((await at('application/json')).text) as object;
  const { text: page } = await at('text/html');
  return { job, status, page };
}

it('the cost of a job with an owner is in its record, status and page', async () => {
  const { job, status, page } = await told(mine, priced);
  expect(job).toMatchObject({ usdPerHour: 36_000, costUsd: 0 });
  expect(status).toMatchObject({ estimatedCostUsd: 0 });
  expect(page).toContain('Estimated cost');
  expect(page).toContain('US$0.00');
});

it('the cost of a job without an owner, which others may see, is in its record only', async () => {
  const { job, status, page } = await told(undefined, priced);
  expect(job).toMatchObject({ costUsd: 0 });
  expect(status).not.toHaveProperty('estimatedCostUsd');
  expect(page).not.toContain('Estimated cost');
});

it('a job has no cost if no price is known', async () => {
  const { price: _, ...unpriced } = priced;
  const { job, status, page } = await told(mine, unpriced);
  expect(job).not.toHaveProperty('costUsd');
  expect(status).not.toHaveProperty('estimatedCostUsd');
  expect(page).not.toContain('Estimated cost');
});
