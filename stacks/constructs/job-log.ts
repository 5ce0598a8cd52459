import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { Construct } from 'constructs';
import type { LogSettings } from '../../environments/operations-settings.ts';
import type { Deployment } from './deployment.ts';

export interface JobLogProps {
  readonly deployment: Deployment;
  readonly settings: LogSettings;
}

/** The log of the containers of jobs; a stream's name begins with the process's name. */
export class JobLog extends CloudwatchLogGroup {
  constructor(scope: Construct, id: string, { deployment, settings }: JobLogProps) {
    super(scope, id, {
      name: `/aws/batch/${deployment.name('jobs')}`,
      retentionInDays: settings.retentionDays,
    });
  }
}
