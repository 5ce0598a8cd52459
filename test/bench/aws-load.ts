import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ListJobsCommand } from '@aws-sdk/client-batch';
import { batchClient, createBatchResources } from '../aws/batch-resources.ts';
import { bucketsOf } from '../aws/buckets.ts';
import { type Emulator, emulatedRegion, startEmulator } from '../aws/emulator.ts';
import { type Figure, median, percentile } from './figure.ts';
import { measuredEnvironment } from './started-service.ts';

interface Measured {
  readonly accepted: number;
  readonly requests: number;
  /** Of each request, in ms. */
  readonly times: number[];
  readonly bare: number[];
  /** Memory in use after a collection, in MiB, at each quarter of the requests. */
  readonly heap: number[];
}

/**
 * Two thousand Execute requests through the function, 64 at a time, against the AWS emulator; beside
 * them the same calls made bare, which is what the emulator itself takes.
 *
 * @throws when a job was lost
 */
export async function awsLoad(): Promise<Figure[]> {
  const emulator = await startEmulator();
  try {
    const buckets = bucketsOf(emulator);
    for (const bucket of ['configuration', 'outputs']) await buckets.create(bucket);
    await createBatchResources(emulator, {
      queues: ['queue', 'bare'],
      jobDefinitions: [{ name: 'echo' }],
    });
    await buckets.put(
      'configuration',
      'DEV/wps.properties',
      `STATUS_LOCATION=https://wps.example.org/DEV/wps/
JOB_QUEUE_NAME=queue
JOB_DEFINITION_ECHO=echo
AWS_REGION=${emulatedRegion}
OUTPUT_S3_BUCKET=outputs
MAX_UNFINISHED_JOBS=100000
`,
    );
    const { accepted, requests, times, bare, heap } = await load(emulator);
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

async function load(emulator: Emulator): Promise<Measured> {
  const script = join(import.meta.dirname, 'aws-load-child.ts');
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', script], {
    env: {
      ...measuredEnvironment,
      ...emulator.variables,
      CONFIGURATION_S3_BUCKET: 'configuration',
      CONFIG_FILENAME: 'wps.properties',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  for await (const chunk of child.stderr) text += String(chunk);
  const line = text.split('\n').find((found) => found.startsWith('{"figures"'));
  if (!line) throw new Error(`the load ended early: ${text}`);
  return (JSON.parse(line) as { figures: Measured }).figures;
}

async function jobsIn(emulator: Emulator, jobQueue: string): Promise<number> {
  const filters = [{ name: 'JOB_NAME', values: ['*'] }];
  const { jobSummaryList } = await batchClient(emulator).send(
    new ListJobsCommand({ jobQueue, filters }),
  );
  return jobSummaryList?.length ?? 0;
}
