import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Metric } from './operations-metrics.ts';

export interface AlarmsProps {
  readonly deployment: Deployment;
  /** What is watched, by the end of the alarm's name. */
  readonly watches: Readonly<Record<string, Watch>>;
  readonly topicArn: string;
}

export interface Watch {
  readonly metric: Metric;
  readonly statistic: 'Sum' | 'Maximum';
  readonly periodMinutes: number;
  /** The alarm goes off above this. */
  readonly above: number;
  /** Whether no value at all is trouble, too. Otherwise, a metric that nothing counts towards has none. */
  readonly missingIsBreaching?: boolean;
  /** What it means and what to do, for the person it wakes. */
  readonly meaning: string;
}

/** Tells of what needs a person. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { deployment, watches, topicArn } = props;
    for (const [name, watch] of Object.entries(watches)) {
      new CloudwatchMetricAlarm(this, name, {
        alarmName: deployment.name(name),
        alarmDescription: `${watch.meaning} What to do: docs/runbooks/${name}.md.`,
        ...watch.metric,
        statistic: watch.statistic,
        period: watch.periodMinutes * 60,
        evaluationPeriods: 1,
        comparisonOperator: 'GreaterThanThreshold',
        threshold: watch.above,
        treatMissingData: watch.missingIsBreaching ? 'breaching' : 'notBreaching',
        alarmActions: [topicArn],
        okActions: [topicArn],
      });
    }
  }
}
