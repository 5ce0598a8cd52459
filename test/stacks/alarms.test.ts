import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { powertoolsMetrics } from '../../lambda/aws/powertools-metrics.ts';
import { sampleJob } from '../sample-job.ts';
import { resolved, resolvedWithin } from './resolved-references.ts';
import {
  resource,
  resources,
  type SynthesisedConfiguration,
  samplePlatform,
} from './sample-platform.ts';

interface MetricDefinition {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly stat?: string;
    readonly region: string;
    readonly period?: number;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly query?: string;
  };
}

const dimensionsOfProd: Readonly<Record<string, readonly string[]>> = {
  'AWS/ApiGateway': ['ApiName', 'wps-prod-api', 'Stage', 'PROD'],
  'AWS/Events': ['RuleName', 'wps-prod-blocked-queues'],
  'AWS/SQS': ['QueueName', 'wps-prod-dead-job-events'],
  WPS: ['service', 'wps', 'environment', 'PROD'],
};

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

/** Metrics that CloudWatch extracts from what the functions write, as `namespace name {dimensions}`. */
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
      costUsd: 0.01,
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

describe('the dashboard', () => {
  const widgets = (name: string): readonly Widget[] => {
    const [dashboard] = resources(stacks[name], 'aws_cloudwatch_dashboard');
    return JSON.parse(String(dashboard?.['dashboard_body'])).widgets;
  };

  it('the dashboard shows these figures of its own environment', () => {
    const stack = stacks['PROD'] as SynthesisedConfiguration;
    const shown = (resolvedWithin(stack, widgets('PROD')) as Widget[])
      .filter(({ properties }) => properties.period === 300)
      .map(({ properties: { title, stat, region, metrics = [] } }) => [
        title,
        stat,
        region,
        ...metrics.map(([namespace, name, ...dimensions]) => {
          expect(dimensions, title).toEqual(
            namespace === 'AWS/Lambda'
              ? ['FunctionName', dimensions[1], 'Resource', `${dimensions[1]}:PROD`]
              : dimensionsOfProd[String(namespace)],
          );
          return namespace === 'AWS/Lambda' ? `${name} of ${dimensions[1]}` : name;
        }),
      ]);
    const [requests, events] = ['wps-prod-requests', 'wps-prod-job-events'];
    expect(shown).toEqual(
      [
        ['Requests', 'Sum', 'Count', '4XXError', '5XXError'],
        ['Latency, 95th percentile (ms)', 'p95', 'Latency', `Duration of ${requests}`],
        [
          'Function errors',
          'Sum',
          ...[`Errors of ${requests}`, 'RequestsFailed', `Throttles of ${requests}`],
          'SubmissionsFailed',
        ],
        ['Jobs', 'Sum', 'JobsEnded', 'JobsFailed', 'TriggeredRules'],
        ['Jobs waiting', 'Maximum', 'JobsWaiting'],
        [
          'Longest wait, and waits of ended jobs (s)',
          'Maximum',
          ...['LongestWaitingTime', 'JobWaitingTime'],
        ],
        ['Jobs running, 90th percentile (s)', 'p90', 'JobRunningTime'],
        ['Following jobs', 'Sum', ...[`Errors of ${events}`, 'ApproximateNumberOfMessagesVisible']],
        ['Following jobs, duration (ms)', 'p95', `Duration of ${events}`],
      ].map(([title, stat, ...metrics]) => [title, stat, 'ap-southeast-2', ...metrics]),
    );
  });

  it('the dashboard sums what a month of jobs cost, in total and by process', () => {
    const written = metricsWrittenIn('DEV');
    const common = { service: 'wps', environment: 'DEV' };
    expect(written).toContain(metricOf('WPS', 'JobCost', common));
    expect(written).toContain(metricOf('WPS', 'JobCost', { ...common, process: 'echo' }));
    const month = {
      view: 'singleValue',
      stat: 'Sum',
      setPeriodToTimeRange: true,
      start: '-P30D',
    };
    expect(widgets('DEV').map(({ properties }) => properties)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...month,
          metrics: [['WPS', 'JobCost', 'service', 'wps', 'environment', 'DEV']],
        }),
        expect.objectContaining({
          ...month,
          metrics: [
            [
              {
                id: 'cost',
                expression: `SEARCH('{WPS,service,environment,process} MetricName="JobCost" environment="DEV"', 'Sum', 86400)`,
              },
            ],
          ],
        }),
      ]),
    );
  });

  it('the dashboard sums the cost by owner from the lines that both functions write about ended jobs', () => {
    const [logs] = widgets('DEV').filter(({ type }) => type === 'log');
    const { query = '' } = logs?.properties ?? {};
    const groups = resources(stacks['DEV'], 'aws_cloudwatch_log_group').map(({ name }) => name);
    const sources = [...query.matchAll(/SOURCE '([^']+)'/g)].map(([, reference]) =>
      resolved(stacks['DEV'], String(reference)),
    );
    expect(sources).toEqual(['/aws/lambda/wps-dev-requests', '/aws/lambda/wps-dev-job-events']);
    expect(groups).toEqual(expect.arrayContaining(sources));
    // The caller that costs most comes first.
    expect(query).toMatch(/ \| sort usd desc \| limit 50$/);
    expect(query).toContain("filter message = 'job ended' and ispresent(costUsd)");
    expect(query).toContain('stats sum(costUsd)');
  });
});

describe('the alarms', () => {
  it("the alarms' topic accepts messages of the budget before the budget is created", () => {
    const stack = stacks['PROD'];
    expect(JSON.stringify(resource(stack, 'aws_budgets_budget')['notification'])).toContain(
      'aws_sns_topic_policy.',
    );
  });

  it('the alarms watch errors of functions and of the API, failed and waiting jobs, and dead letters', () => {
    const alarms = resources(stacks['PROD'], 'aws_cloudwatch_metric_alarm');
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
      'wps-prod-api-5xx',
      'wps-prod-blocked-queues',
      'wps-prod-canary',
      'wps-prod-configuration-faults',
      'wps-prod-dead-letters',
      'wps-prod-failed-jobs',
      'wps-prod-function-errors',
      'wps-prod-job-events-errors',
      'wps-prod-jobs-waiting',
      'wps-prod-requests-failed',
      'wps-prod-submissions-failed',
      'wps-prod-throttled-requests',
    ]);
    for (const { alarm_actions, alarm_description } of alarms) {
      expect(alarm_actions).toHaveLength(1);
      expect(String(alarm_description).length).toBeGreaterThan(40);
    }
  });
});

describe('alarms and dashboard', () => {
  it.each(['DEV', 'SYSTEST', 'RC', 'PROD'])(
    'alarms and dashboard of %s use metrics that its functions emit, with the dimensions they emit',
    (name) => {
      const alarms = resources(stacks[name], 'aws_cloudwatch_metric_alarm')
        .filter(({ namespace }) => namespace === 'WPS')
        .map(({ namespace, metric_name, dimensions }) =>
          metricOf(namespace, metric_name, dimensions as object),
        );
      const [dashboard] = resources(stacks[name], 'aws_cloudwatch_dashboard');
      const shown = JSON.parse(String(dashboard?.['dashboard_body']))
        .widgets.flatMap(({ properties }: { properties: { metrics?: string[][] } }) =>
          (properties.metrics ?? []).filter(([namespace]) => namespace === 'WPS'),
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
