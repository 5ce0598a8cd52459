import { besideFirstQuarter, type Figure, median, percentile } from './figure.ts';
import { startLoadedAccount } from './loaded-account.ts';

interface Part {
  /** Duration of each turn, in ms. */
  readonly times: number[];
  /** Durations of bare puts of one byte, in ms, which show what the emulator itself takes. */
  readonly bare: number[];
  /** Number of jobs that were accepted, and ended by events. */
  readonly jobs: number;
  readonly heapMiB: number;
  readonly residentMiB: number;
  readonly descriptors: number;
}

/**
 * Runs the built functions against the AWS emulator for some minutes: requests, jobs that are lost with their
 * machine, their events, and sweeps, one at a time. Anything that grows with time shows in the last quarter.
 * `BENCH_ENDURANCE_SECONDS` sets the duration.
 *
 * @throws when an answer is not the expected one
 */
export async function awsEndurance(): Promise<Figure[]> {
  const { emulator, measure } = await startLoadedAccount();
  try {
    const measured = await measure<readonly Part[]>('aws-endurance-child.ts');
    const [first] = measured;
    if (!first) throw new Error('nothing was measured');
    return measured.flatMap((part, index) => figures(part, index, first));
  } finally {
    await emulator.stop();
  }
}

function figures(part: Part, index: number, first: Part): Figure[] {
  const quarter = `quarter ${index + 1}`;
  const beside = besideFirstQuarter(quarter);
  return [
    { name: `turns, ${quarter}`, value: part.times.length, unit: '' },
    { name: `jobs accepted and ended, ${quarter}`, value: part.jobs, unit: '' },
    beside('p50', median(part.times), 'ms', median(first.times)),
    beside('p99', percentile(part.times, 0.99), 'ms', percentile(first.times, 0.99)),
    beside('a bare put, p50', median(part.bare), 'ms', median(first.bare)),
    beside('memory in use', part.heapMiB, 'MiB', first.heapMiB),
    beside('resident memory', part.residentMiB, 'MiB', first.residentMiB),
    beside('open descriptors', part.descriptors, '', first.descriptors),
  ];
}
