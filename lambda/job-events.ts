/**
 * The function behind EventBridge: composition root of the code that keeps records true. It receives two
 * kinds of events, through the alias of the environment whose rules send them:
 *
 * - "Batch Job State Change": a job of the account changed its state
 * - "Scheduled Event": time to look at unfinished jobs
 *
 * A failure is thrown, so that Lambda retries the event and then stores it in the configured destination.
 */

import type { JobDetail } from '@aws-sdk/client-batch';
import type { Context, EventBridgeEvent } from 'aws-lambda';
import { awsEnvironments } from './aws/aws-environments.ts';
import { followBatchStateChange } from './aws/batch-state-change.ts';
import { functionAlias } from './aws/function-alias.ts';
import { tellAll } from './jobs/tell-all.ts';

const open = awsEnvironments(process.env);

export async function handler(
  event: EventBridgeEvent<string, Partial<JobDetail>>,
  context: Pick<Context, 'invokedFunctionArn' | 'awsRequestId'>,
): Promise<void> {
  const call = open(functionAlias(context.invokedFunctionArn), context.awsRequestId);
  const { log, metrics } = call;
  try {
    const environment = await call.environment();
    const store = await environment.store();
    const { mail } = environment;
    const callbacks = mail ? tellAll(environment.callbacks, mail) : environment.callbacks;
    switch (event['detail-type']) {
      case 'Batch Job State Change':
        return await followBatchStateChange(event.detail, environment.storeAddress, {
          store,
          callbacks,
          metrics,
          log,
        });
      case 'Scheduled Event': {
        const { sweepJobs } = await import('./jobs/sweep-jobs.ts');
        return await sweepJobs({
          store,
          callbacks,
          engine: environment.engine,
          overdueSeconds: environment.configuration.limits.jobOverdueSeconds,
          now: () => new Date(),
          metrics,
          log,
        });
      }
      default:
        log.warn('an event that means nothing here', { type: event['detail-type'] });
    }
  } catch (error) {
    log.error('event not followed', { type: event['detail-type'] }, error);
    throw error;
  }
}
