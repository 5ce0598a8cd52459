import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Metric, OperationsMetrics } from './operations-metrics.ts';

export interface DashboardProps {
  readonly deployment: Deployment;
  readonly metrics: OperationsMetrics;
}

/** How an environment does, on one page. */
export class Dashboard extends CloudwatchDashboard {
  constructor(scope: Construct, id: string, { deployment, metrics }: DashboardProps) {
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
        ],
      }),
    });
  }
}
