import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Job } from '../../batch-jobs/api/job.ts';
import {
  commonDimensions,
  type MetricName,
  metricsNamespace,
} from '../configuration/metric-names.ts';
import type { Metrics } from '../jobs/metrics.ts';

type Dimensions = Readonly<Record<string, string>>;
type Figure = [name: MetricName, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number];

/**
 * Metrics of AWS Lambda Powertools, in CloudWatch's embedded metric format: log lines from which CloudWatch
 * reads the values. Namespace `WPS`; every metric has the dimensions `service` (`wps`) and `environment`.
 *
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function powertoolsMetrics(environment: string): Metrics {
  const { service, ...defaultDimensions } = commonDimensions(environment);
  const metrics = new PowertoolsMetrics({
    namespace: metricsNamespace,
    serviceName: service,
    defaultDimensions,
  });
  /** Emits each value twice: for the environment as a whole, and by the given dimensions. */
  const emit = (dimensions: Dimensions, figures: readonly Figure[]) => {
    metrics.addDimensions({}).addDimensions(dimensions);
    emitPlain(figures);
  };
  /** Emits each value once, for the environment as a whole. */
  const emitPlain = (figures: readonly Figure[]) => {
    for (const [name, unit, value] of figures) metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  };
  return {
    request: (operation, outcome) =>
      emit({ operation, outcome }, [
        ['Requests', MetricUnit.Count, 1],
        ['RequestsFailed', MetricUnit.Count, outcome === 'failed' ? 1 : 0],
      ]),
    submission: (outcome, milliseconds) =>
      emit({ outcome }, [
        ['Submissions', MetricUnit.Count, 1],
        ['SubmissionsFailed', MetricUnit.Count, outcome === 'ok' ? 0 : 1],
        ['SubmissionTime', MetricUnit.Milliseconds, milliseconds],
      ]),
    jobEnded: (job) => {
      const process = job.process.identifier;
      emit({ process, status: job.status }, [
        ['JobsEnded', MetricUnit.Count, 1],
        ['JobsFailed', MetricUnit.Count, job.status === 'failed' ? 1 : 0],
        ...timesOf(job),
      ]);
      // By process only, whatever the outcome of the job, for the monthly cost of a process.
      if (job.costUsd !== undefined)
        emit({ process }, [['JobCost', MetricUnit.NoUnit, job.costUsd]]);
    },
    jobsWaiting: (jobs, longestSeconds) =>
      emitPlain([
        ['JobsWaiting', MetricUnit.Count, jobs],
        ['LongestWaitingTime', MetricUnit.Seconds, longestSeconds],
      ]),
    configurationFault: () => emitPlain([['ConfigurationFaults', MetricUnit.Count, 1]]),
  };
}

/** A job that never ran has no times to report. */
function timesOf({ createdAt, startedAt, endedAt }: Job): Figure[] {
  if (!startedAt || !endedAt) return [];
  return [
    ['JobWaitingTime', MetricUnit.Seconds, secondsBetween(createdAt, startedAt)],
    ['JobRunningTime', MetricUnit.Seconds, secondsBetween(startedAt, endedAt)],
  ];
}

/** Clocks of different machines may differ slightly. */
function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
