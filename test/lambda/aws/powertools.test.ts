import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { powertoolsLog } from '../../../lambda/aws/powertools-log.ts';
import { powertoolsMetrics } from '../../../lambda/aws/powertools-metrics.ts';
import { EngineBusy } from '../../../lambda/jobs/job-engine.ts';
import { meteredJobEngine } from '../../../lambda/jobs/metered-job-engine.ts';
import { noMetrics } from '../../../lambda/jobs/metrics.ts';
import { FakeJobEngine } from '../../fake-job-engine.ts';
import { sampleJob } from '../../sample-job.ts';

/** The output of the function: one line of JSON per event. */
let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      for (const line of String(text).trim().split('\n')) lines.push(parse(line));
      return true;
    });
  }
});
afterEach(() => vi.restoreAllMocks());

/** Keeps a line that is not JSON as text, so that the test that inspects it fails. */
function parse(line: string): Record<string, unknown> {
  return line.startsWith('{') ? JSON.parse(line) : { text: line };
}

describe('a line of the log', () => {
  it('a log line has level, message and every field of its log', () => {
    const log = powertoolsLog().with({ environment: 'DEV', requestId: 'r' }).with({ jobId: 'j' });
    log.info('job accepted', { queue: 'small' });
    log.warn('slow');
    expect(lines).toMatchObject([
      {
        level: 'INFO',
        message: 'job accepted',
        service: 'wps',
        environment: 'DEV',
        requestId: 'r',
        jobId: 'j',
        queue: 'small',
      },
      { level: 'WARN', message: 'slow', environment: 'DEV', requestId: 'r', jobId: 'j' },
    ]);
  });

  it('a log line has the stack of its cause, whatever was thrown', () => {
    powertoolsLog().error('failed', { jobId: 'j' }, new TypeError('no'));
    powertoolsLog().error('failed', {}, 'a text');
    powertoolsLog().error('failed');
    expect(lines).toMatchObject([
      {
        level: 'ERROR',
        error: { name: 'TypeError', message: 'no', stack: expect.stringContaining('at ') },
      },
      { error: 'a text' },
      { message: 'failed' },
    ]);
  });
});

describe('metrics', () => {
  /** Metrics with the dimensions under which CloudWatch stores them. */
  const figures = () =>
    lines.map((line) => {
      const { _aws, ...values } = line as {
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: string;
              Dimensions: string[][];
              Metrics: { Name: string; Unit: string }[];
            },
          ];
        };
      };
      const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
      return {
        Namespace,
        Dimensions,
        Units: Metrics.map(({ Name, Unit }) => [Name, Unit]),
        values,
      };
    });

  it('metrics count requests by operation and outcome, and all of them', () => {
    powertoolsMetrics('DEV').request('Execute', 'failed');
    expect(figures()).toEqual([
      {
        Namespace: 'WPS',
        Dimensions: [
          ['service', 'environment'],
          ['service', 'environment', 'operation', 'outcome'],
        ],
        Units: [
          ['Requests', 'Count'],
          ['RequestsFailed', 'Count'],
        ],
        values: {
          service: 'wps',
          environment: 'DEV',
          operation: 'Execute',
          outcome: 'failed',
          Requests: 1,
          RequestsFailed: 1,
        },
      },
    ]);
  });

  it('metrics do not count a refusal as a failure', () => {
    powertoolsMetrics('DEV').request('Execute', 'refused');
    expect(figures()).toMatchObject([{ values: { RequestsFailed: 0 } }]);
  });

  it.each([
    ['succeeded', 0],
    ['failed', 1],
    ['dismissed', 0],
  ] as const)('metrics count a job that is %s as %i failed', (status, failed) => {
    powertoolsMetrics('PROD').jobEnded(sampleJob({ status }));
    expect(figures()).toMatchObject([{ values: { JobsEnded: 1, JobsFailed: failed } }]);
  });

  it('metrics count an ended job by process and status, with its waiting and running time', () => {
    powertoolsMetrics('PROD').jobEnded(
      sampleJob({
        status: 'succeeded',
        createdAt: '2026-01-01T00:00:00.000Z',
        startedAt: '2026-01-01T00:00:30.000Z',
        endedAt: '2026-01-01T00:02:00.500Z',
      }),
    );
    expect(figures()).toMatchObject([
      {
        Dimensions: [
          ['service', 'environment'],
          ['service', 'environment', 'process', 'status'],
        ],
        Units: [
          ['JobsEnded', 'Count'],
          ['JobsFailed', 'Count'],
          ['JobWaitingTime', 'Seconds'],
          ['JobRunningTime', 'Seconds'],
        ],
        values: {
          status: 'succeeded',
          process: 'echo',
          JobsEnded: 1,
          JobsFailed: 0,
          JobWaitingTime: 30,
          JobRunningTime: 90.5,
        },
      },
    ]);
  });

  it('metrics add up the cost of ended jobs by process only', () => {
    powertoolsMetrics('PROD').jobEnded(sampleJob({ status: 'failed', costUsd: 0.25 }));
    expect(figures()[1]).toMatchObject({
      Dimensions: [
        ['service', 'environment'],
        ['service', 'environment', 'process'],
      ],
      Units: [['JobCost', 'None']],
      values: { process: 'echo', JobCost: 0.25 },
    });
  });

  it('metrics report how many jobs wait, and how long the first of them has waited', () => {
    powertoolsMetrics('DEV').jobsWaiting(3, 1800);
    expect(figures()).toMatchObject([
      {
        Dimensions: [['service', 'environment']],
        Units: [
          ['JobsWaiting', 'Count'],
          ['LongestWaitingTime', 'Seconds'],
        ],
        values: { JobsWaiting: 3, LongestWaitingTime: 1800 },
      },
    ]);
  });

  it('metrics have no times of a job that never ran', () => {
    powertoolsMetrics('DEV').jobEnded(sampleJob({ status: 'failed' }));
    expect(figures()[0]?.Units).toEqual([
      ['JobsEnded', 'Count'],
      ['JobsFailed', 'Count'],
    ]);
  });

  it('metrics count submissions by outcome, with their duration', () => {
    powertoolsMetrics('DEV').submission('busy', 12);
    expect(figures()).toMatchObject([
      { values: { outcome: 'busy', Submissions: 1, SubmissionsFailed: 1, SubmissionTime: 12 } },
    ]);
  });

  it('metrics count faults of configurations', () => {
    powertoolsMetrics('DEV').configurationFault();
    expect(figures()).toMatchObject([{ values: { ConfigurationFaults: 1, environment: 'DEV' } }]);
  });
});

describe('an engine whose submissions are counted', () => {
  const submission = { jobId: 'j' } as Parameters<FakeJobEngine['submit']>[0];
  const run = async (submit: FakeJobEngine['submit']) => {
    const told: [string, number][] = [];
    const engine = Object.assign(new FakeJobEngine(), { submit });
    const instants = [new Date(7), new Date(12)];
    const metered = meteredJobEngine(
      engine,
      { ...noMetrics, submission: (...figure) => told.push(figure) },
      () => instants.shift() as Date,
    );
    await metered.submit(submission).catch(() => undefined);
    return told;
  };

  it.each([
    ['ok', async () => ({ engineJobId: 'e' })],
    ['busy', () => Promise.reject(new EngineBusy())],
    ['failed', () => Promise.reject(new Error('no'))],
  ] as const)(
    'a metered engine reports a submission that ended %s, and its duration',
    async (outcome, submit) => {
      expect(await run(submit)).toEqual([[outcome, 5]]);
    },
  );
});
