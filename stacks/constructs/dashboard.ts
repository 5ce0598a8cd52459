import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import type { Construct } from 'constructs';
import { metricsNamespace } from '../../lambda/configuration/metric-names.ts';
import type { Deployment } from './deployment.ts';
import type { Metric, OperationsMetrics } from './operations-metrics.ts';

export interface DashboardProps {
  readonly deployment: Deployment;
  readonly metrics: OperationsMetrics;
  /** Log groups of the functions, which contain the lines about jobs. */
  readonly functionLogs: readonly string[];
}

/** The state of an environment, on one dashboard. */
export class Dashboard extends CloudwatchDashboard {
  constructor(scope: Construct, id: string, { deployment, metrics, functionLogs }: DashboardProps) {
    const graph = (title: string, stat: string, ...shown: Metric[]) => ({
      type: 'metric',
      width: 8,
      height: 6,
      properties: {
        title,
        stat,
        region: deployment.region,
        period: 300,
        metrics: shown.map(({ namespace, metricName, dimensions }) => [
          namespace,
          metricName,
          ...Object.entries(dimensions).flat(),
        ]),
      },
    });
    /** The last thirty days, regardless of the period that the dashboard shows. */
    const costOfMonth = (title: string, shown: readonly unknown[]) => ({
      type: 'metric',
      width: 8,
      height: 6,
      properties: {
        title,
        view: 'singleValue',
        stat: 'Sum',
        region: deployment.region,
        period: 86_400,
        setPeriodToTimeRange: true,
        start: '-P30D',
        metrics: [shown],
      },
    });
    const { environment } = deployment;
    const byProcess = `{${metricsNamespace},service,environment,process} MetricName="${metrics.jobCost.metricName}" environment="${environment}"`;
    const { requests, clientErrors, serverErrors, latency } = metrics;
    super(scope, id, {
      dashboardName: deployment.name('service'),
      dashboardBody: JSON.stringify({
        widgets: [
          graph('Requests', 'Sum', requests, clientErrors, serverErrors),
          graph('Latency, 95th percentile (ms)', 'p95', latency, metrics.wpsDuration),
          graph(
            'Function errors',
            'Sum',
            metrics.wpsErrors,
            metrics.requestsFailed,
            metrics.wpsThrottles,
            metrics.submissionsFailed,
          ),
          graph('Jobs', 'Sum', metrics.jobsEnded, metrics.jobsFailed, metrics.blockedQueues),
          graph('Jobs waiting', 'Maximum', metrics.jobsWaiting),
          graph(
            'Longest wait, and waits of ended jobs (s)',
            'Maximum',
            metrics.longestWaitingTime,
            metrics.jobWaitingTime,
          ),
          graph('Jobs running, 90th percentile (s)', 'p90', metrics.jobRunningTime),
          graph('Following jobs', 'Sum', metrics.jobEventsErrors, metrics.deadLetters),
          graph('Following jobs, duration (ms)', 'p95', metrics.jobEventsDuration),
          costOfMonth('Estimated cost of jobs, 30 days (US$)', [
            metrics.jobCost.namespace,
            metrics.jobCost.metricName,
            ...Object.entries(metrics.jobCost.dimensions).flat(),
          ]),
          costOfMonth('Estimated cost by process, 30 days (US$)', [
            { expression: `SEARCH('${byProcess}', 'Sum', 86400)`, id: 'cost' },
          ]),
          {
            type: 'log',
            width: 8,
            height: 6,
            properties: {
              title: 'Estimated cost by owner, in the time shown (US$)',
              view: 'table',
              region: deployment.region,
              query: [
                ...functionLogs.map((group) => `SOURCE '${group}'`),
                "filter message = 'job ended' and ispresent(costUsd)",
                "stats sum(costUsd) as usd, count(*) as jobs by coalesce(owner, '(none)') as caller",
                'sort usd desc',
                'limit 50',
              ].join(' | '),
            },
          },
        ],
      }),
    });
  }
}
