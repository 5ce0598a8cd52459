import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Metric } from './operations-metrics.ts';

export interface AlarmsProps {
  readonly deployment: Deployment;
  /** The suffix of the alarm's name: what is watched. */
  readonly watches: Readonly<Record<string, Watch>>;
  readonly topicArn: string;
}

export interface Watch {
  readonly metric: Metric;
  readonly statistic: 'Sum' | 'Maximum';
  readonly periodMinutes: number;
  /** The alarm is raised above this value. */
  readonly above: number;
  /**
   * Whether missing data raises the alarm, too. Otherwise a metric without events has no data and no alarm.
   */
  readonly missingIsBreaching?: boolean;
  /** What the alarm means and what to do, for the person it notifies. */
  readonly meaning: string;
}

/** Alarms that notify a person. */
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
