import { Construct } from 'constructs';
import type { HandlerSettings } from '../../environments/handler-settings.ts';
import { gatewayTimeoutSeconds } from '../../lambda/configuration/limits.ts';
import { functionEntries } from '../function-package.ts';
import type { Deployment } from './deployment.ts';
import { PublishedFunction } from './published-function.ts';
import type { ReleasedFunctions } from './release.ts';

export interface ServiceFunctionsProps {
  readonly deployment: Deployment;
  readonly settings: HandlerSettings;
  /** The functions' package. */
  readonly package: ReleasedFunctions;
  readonly logRetentionDays: number;
}

/** The two functions of an environment's service, from one package. */
export class ServiceFunctions extends Construct {
  /** Answers requests. */
  readonly wps: PublishedFunction;
  /** Follows jobs. */
  readonly jobEvents: PublishedFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionsProps) {
    super(scope, id);
    const { memoryMiB, concurrency } = props.settings;
    const common = {
      deployment: props.deployment,
      package: props.package,
      memoryMiB,
      logRetentionDays: props.logRetentionDays,
    };
    this.wps = new PublishedFunction(this, 'wps', {
      ...common,
      name: 'requests',
      description: 'Answers requests of clients.',
      handler: handlerOf(functionEntries.wps),
      timeoutSeconds: gatewayTimeoutSeconds,
      ...(concurrency.kind === 'unreserved' ? {} : { concurrency: concurrency.requests }),
    });
    this.jobEvents = new PublishedFunction(this, 'job-events', {
      ...common,
      name: 'job-events',
      description: 'Follows the state of jobs in AWS Batch.',
      handler: handlerOf(functionEntries.jobEvents),
      // Its sweep reads every unfinished job.
      timeoutSeconds: 240,
      ...(concurrency.kind === 'unreserved' ? {} : { concurrency: concurrency.jobEvents }),
    });
  }
}

function handlerOf(entry: string): string {
  return entry.replace(/\.js$/, '.handler');
}
