import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { powertoolsMetrics } from '../../lambda/aws/powertools-metrics.ts';
import { sampleJob } from '../sample-job.ts';
import { resources, type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

interface MetricDefinition {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

let stacks: Readonly<Record<string, SynthesisedConfiguration>>;
beforeAll(async () => {
  ({ stacks } = await samplePlatform());
});

let written: string;
beforeEach(() => {
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** Metrics that CloudWatch makes of what the functions write, as `namespace name {dimensions}`. */
function metricsWrittenIn(environment: string): Set<string> {
  const metrics = powertoolsMetrics(environment);
  metrics.request('Execute', 'failed');
  metrics.submission('failed', 1);
  metrics.jobEnded(
    sampleJob({
      status: 'failed',
      createdAt: '2026-01-01T00:00:00.000Z',
      startedAt: '2026-01-01T00:00:01.000Z',
      endedAt: '2026-01-01T00:00:02.000Z',
    }),
  );
  metrics.jobsWaiting(1, 1);
  metrics.configurationFault();
  const found = new Set<string>();
  for (const line of written.trim().split('\n')) {
    const { _aws, ...values } = JSON.parse(line);
    for (const { Namespace, Dimensions, Metrics } of _aws.CloudWatchMetrics as MetricDefinition[]) {
      for (const names of Dimensions) {
        const dimensions = Object.fromEntries(names.map((name) => [name, values[name]]));
        for (const { Name } of Metrics) found.add(metricOf(Namespace, Name, dimensions));
      }
    }
  }
  return found;
}

function metricOf(namespace: unknown, name: unknown, dimensions: object): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${namespace} ${name} ${JSON.stringify(Object.fromEntries(sorted))}`;
}

describe('alarms and dashboard', () => {
  it.each(['DEV', 'SYSTEST', 'RC', 'PROD'])(
    'of %s look at metrics that its functions write, by the dimensions they write',
    (name) => {
      const alarms = resources(stacks[name], 'aws_cloudwatch_metric_alarm')
        .filter(({ namespace }) => namespace === 'WPS')
        .map(({ namespace, metric_name, dimensions }) =>
          metricOf(namespace, metric_name, dimensions as object),
        );
      const [dashboard] = resources(stacks[name], 'aws_cloudwatch_dashboard');
      const shown = JSON.parse(String(dashboard?.['dashboard_body']))
        .widgets.flatMap(({ properties }: { properties: { metrics: string[][] } }) =>
          properties.metrics.filter(([namespace]) => namespace === 'WPS'),
        )
        .map(([namespace, metric, ...pairs]: string[]) =>
          metricOf(
            namespace,
            metric,
            Object.fromEntries(
              pairs.flatMap((key, index) => (index % 2 === 0 ? [[key, pairs[index + 1]]] : [])),
            ),
          ),
        );
      const written = metricsWrittenIn(name);
      expect([...alarms, ...shown].filter((metric) => !written.has(metric))).toEqual([]);
      const own = JSON.stringify({ environment: name, service: 'wps' });
      expect(alarms.sort()).toEqual([
        `WPS ConfigurationFaults ${own}`,
        `WPS JobsFailed ${own}`,
        `WPS LongestWaitingTime ${own}`,
        `WPS RequestsFailed ${own}`,
        `WPS SubmissionsFailed ${own}`,
      ]);
    },
  );
});
