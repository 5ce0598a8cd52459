import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Job } from '../batch-jobs/api/job.ts';
import type { Metrics } from './metrics.ts';

type Dimensions = Readonly<Record<string, string>>;
type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/**
 * Metrics of AWS Lambda Powertools, in CloudWatch's embedded metric format: lines of the log that
 * CloudWatch reads figures from. Namespace `WPS`; every figure has the dimensions `service` (`wps`)
 * and `environment`.
 *
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function powertoolsMetrics(environment: string): Metrics {
  const metrics = new PowertoolsMetrics({
    namespace: 'WPS',
    serviceName: 'wps',
    defaultDimensions: { environment },
  });
  /** Each figure once for every set of dimensions that somebody looks at it by. */
  const emit = (
    dimensionSets: readonly Dimensions[],
    figures: readonly [string, Unit, number][],
  ) => {
    for (const dimensions of dimensionSets) metrics.addDimensions(dimensions);
    for (const [name, unit, value] of figures) metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  };
  return {
    request: (operation, outcome) =>
      emit([{}, { outcome }, { operation, outcome }], [['Requests', MetricUnit.Count, 1]]),
    submission: (outcome, milliseconds) =>
      emit(
        [{}, { outcome }],
        [
          ['Submissions', MetricUnit.Count, 1],
          ['SubmissionTime', MetricUnit.Milliseconds, milliseconds],
        ],
      ),
    jobEnded: (job) => {
      const { status } = job;
      const process = job.process.identifier;
      emit([{ status }, { status, process }], [['JobsEnded', MetricUnit.Count, 1]]);
      const times = timesOf(job);
      if (times.length > 0) emit([{}, { process }], times);
    },
    configurationFault: () => emit([{}], [['ConfigurationFaults', MetricUnit.Count, 1]]),
  };
}

/** Of a job that never ran there is nothing to tell. */
function timesOf({ createdAt, startedAt, endedAt }: Job): [string, Unit, number][] {
  if (!startedAt || !endedAt) return [];
  return [
    ['JobWaitingTime', MetricUnit.Seconds, secondsBetween(createdAt, startedAt)],
    ['JobRunningTime', MetricUnit.Seconds, secondsBetween(startedAt, endedAt)],
  ];
}

/** Clocks of different machines may disagree by a little. */
function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
