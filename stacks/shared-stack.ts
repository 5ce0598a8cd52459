import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import type { SharedEnvironment } from '../environments/shared-settings.ts';
import { configurationKeys } from '../lambda/configuration/configuration-keys.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { Alarms } from './constructs/alarms.ts';
import { ApiAccount } from './constructs/api-account.ts';
import { Budget } from './constructs/budget.ts';
import { ConfigurationFile } from './constructs/configuration-file.ts';
import { DeletionProtection } from './constructs/deletion-protection.ts';
import { Deployment } from './constructs/deployment.ts';
import { EventLogs } from './constructs/event-logs.ts';
import { FunctionsPackage } from './constructs/functions-package.ts';
import { ImageRegistries } from './constructs/image-registries.ts';
import { ImageReplication } from './constructs/image-replication.ts';
import { JobImage } from './constructs/job-image.ts';
import { warnOfMissingSettings } from './constructs/missing-settings-warnings.ts';
import { eventsOfRule } from './constructs/operations-metrics.ts';
import { PrivateBucket } from './constructs/private-bucket.ts';
import { addStateBackend } from './state-backend.ts';

export interface SharedStackProps {
  readonly settings: SharedEnvironment;
  readonly catalogue: readonly ProcessDescription[];
  /** The output of `npm run build`. */
  readonly distFolder: string;
  /** The commit that it was built from. */
  readonly commit: string;
  /** Other accounts that take releases from this one. */
  readonly takers: readonly string[];
  /** Other accounts that this one takes releases from. */
  readonly givers: readonly string[];
}

/** What an account has once: environments find these resources by name. */
export class SharedStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: SharedStackProps) {
    super(scope, id);
    const { settings, catalogue, distFolder, commit, takers, givers } = props;
    const { deletionProtection } = settings;
    warnOfMissingSettings(this, settings);
    addStateBackend(this, settings.state, settings.account);
    const deployment = new Deployment(this, 'deployment', settings);
    new DeletionProtection(this, 'deletion-protection', deletionProtection);

    const configuration = new PrivateBucket(this, 'configuration', {
      bucketName: deployment.configurationBucket,
      // It contains nothing that a deployment would not write again.
      deleteWithContent: true,
      preventDestroy: deletionProtection,
      earlierVersionsDays: 90,
    });
    // For calls without an alias, which only a person at the console makes. It offers no process, so such a
    // call gets the answer that none is configured.
    new ConfigurationFile(this, 'default-configuration', {
      bucket: configuration.bucketName,
      alias: '$LATEST',
      after: configuration.versioning,
      properties: {
        [configurationKeys.statusLocation]: 'https://no-environment.invalid/wps/',
        [configurationKeys.jobQueueName]: 'none',
        [configurationKeys.region]: deployment.region,
        [configurationKeys.outputBucket]: configuration.bucketName,
        [configurationKeys.outputPrefix]: '$LATEST/',
      },
    });
    new FunctionsPackage(this, 'functions', {
      deployment,
      distFolder,
      commit,
      readers: takers,
      deletionProtection,
    });
    new ImageRegistries(this, 'registries', { deployment, catalogue, deletionProtection });
    new ImageReplication(this, 'replication', { deployment, takers, givers });
    new EventLogs(this, 'event-logs', { deployment });
    const topic = new AlarmTopic(this, 'alarm-topic', {
      deployment,
      ...(settings.alarms.email === undefined ? {} : { email: settings.alarms.email }),
    });
    if (settings.image.build) {
      const image = new JobImage(this, 'job-image', {
        deployment,
        settings: settings.image,
        takers,
        logRetentionDays: settings.logs.retentionDays,
      });
      new Alarms(this, 'alarms', {
        deployment,
        watches: {
          'failed-image-builds': {
            metric: eventsOfRule(image.failuresRule),
            statistic: 'Sum',
            periodMinutes: 60,
            above: 0,
            meaning:
              'An image for jobs could not be built, tested or handed out; environments stay on the ones they have. The log group of failed image builds has the reason.',
          },
        },
        topicArn: topic.arn,
      });
    }
    new Budget(this, 'budget', { deployment, settings: settings.budget, topicArn: topic.arn });
    if (settings.apiAccountRole === 'managed') new ApiAccount(this, 'api-account', { deployment });
  }
}
