import { ListJobsCommand } from '@aws-sdk/client-batch';
import { batchClient } from '../aws/batch-resources.ts';
import type { Emulator } from '../aws/emulator.ts';
import { type Figure, median, percentile } from './figure.ts';
import { startLoadedAccount } from './loaded-account.ts';

interface Measured {
  readonly accepted: number;
  readonly requests: number;
  /** Duration of each request, in ms. */
  readonly times: number[];
  readonly bare: number[];
  /** Memory in use after a collection, in MiB, at each quarter of the requests. */
  readonly heap: number[];
}

/**
 * Two thousand Execute requests through the function, 64 at a time, against the AWS emulator. Also the same
 * calls made bare, which show what the emulator itself takes.
 *
 * @throws when a job was lost
 */
export async function awsLoad(): Promise<Figure[]> {
  const { emulator, measure } = await startLoadedAccount();
  try {
    const { accepted, requests, times, bare, heap } = await measure<Measured>('aws-load-child.ts');
    const submitted = (await jobsIn(emulator, 'queue')) - 1;
    if (accepted !== requests || submitted !== requests) {
      throw new Error(`of ${requests} jobs ${accepted} were accepted and ${submitted} submitted`);
    }
    const [floor50, floor99] = [median(bare), percentile(bare, 0.99)];
    const beside = (name: string, value: number, floor: number): Figure => ({
      name,
      value,
      unit: 'ms',
      ratio: value / floor,
      floor: 'the same calls made bare',
    });
    return [
      { name: `Execute accepted and submitted of ${requests}`, value: accepted, unit: '' },
      beside('Execute, p50 at 64 in flight', median(times), floor50),
      beside('Execute, p99 at 64 in flight', percentile(times, 0.99), floor99),
      ...heap.map((value, quarter) => ({
        name: `memory in use after ${((quarter + 1) * requests) / 4} requests`,
        value,
        unit: 'MiB',
      })),
    ];
  } finally {
    await emulator.stop();
  }
}

async function jobsIn(emulator: Emulator, jobQueue: string): Promise<number> {
  const filters = [{ name: 'JOB_NAME', values: ['*'] }];
  const { jobSummaryList } = await batchClient(emulator).send(
    new ListJobsCommand({ jobQueue, filters }),
  );
  return jobSummaryList?.length ?? 0;
}
