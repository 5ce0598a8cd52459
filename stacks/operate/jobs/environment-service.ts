import { setTimeout as wait } from 'node:timers/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { mintJobId } from '../../../batch-jobs/api/job-id.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import type { Log } from '../../../batch-jobs/api/log.ts';
import { S3ObjectStore } from '../../../batch-jobs/api/s3-object-store.ts';
import { catalogue } from '../../../batch-jobs/catalogue.ts';
import { BatchJobEngine } from '../../../lambda/aws/batch-job-engine.ts';
import type { AwsConfiguration } from '../../../lambda/configuration/configuration.ts';
import { parseConfiguration } from '../../../lambda/configuration/parse-configuration.ts';
import { noMetrics } from '../../../lambda/jobs/metrics.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import { UnfinishedJobs } from '../../../lambda/jobs/unfinished-jobs.ts';
import type { Dependencies } from '../../../lambda/operations/dependencies.ts';
import { encodeExecuteResponse } from '../../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { configurationFilename } from '../../names.ts';
import { type AwsAccount, ifThere } from '../aws-account.ts';
import { OperatorFault } from '../terminal.ts';

/** The configuration file of an environment, as its functions read it; undefined if it does not exist. */
export async function configurationText(account: AwsAccount): Promise<string | undefined> {
  const found = await ifThere(
    account.s3.send(
      new GetObjectCommand({
        Bucket: account.configurationBucket,
        Key: `${account.environment}/${configurationFilename}`,
      }),
    ),
    'NoSuchKey',
    'NoSuchBucket',
  );
  return await found?.Body?.transformToString();
}

/** @throws {ConfigurationFault} naming each fault of the file */
export function configurationIn(account: AwsAccount, text: string): AwsConfiguration {
  const place = `s3://${account.configurationBucket}/${account.environment}/${configurationFilename}`;
  return parseConfiguration(text, place, account.environment, catalogue).configuration;
}

/**
 * The operations of an environment's service, in this process and with the operator's own credentials: they
 * read, dismiss and start jobs as the functions do, regardless of owner.
 *
 * @param tell receives what an operation logs as an error
 * @throws {OperatorFault} if there is no configuration
 */
export async function environmentService(
  account: AwsAccount,
  tell: (text: string) => void,
): Promise<Dependencies & { readonly configuration: AwsConfiguration }> {
  const text = await configurationText(account);
  if (text === undefined) {
    throw new OperatorFault(
      `${account.environment} has no configuration; npm run operate -- doctor ${account.environment} says more.`,
    );
  }
  const configuration = configurationIn(account, text);
  const {
    outputBucket: bucket,
    outputPrefix: prefix,
    outputKmsKey,
    statusFilename,
  } = configuration;
  const store = new JobStore(
    new S3ObjectStore({
      bucket,
      prefix,
      ...(outputKmsKey === undefined ? {} : { kmsKeyId: outputKmsKey }),
      client: async () => account.s3,
    }),
    { filename: statusFilename, encode: encodeExecuteResponse },
    () => new Date(),
    { expiresByItself: true },
  );
  const engine = new BatchJobEngine({ configuration, client: async () => account.batch });
  const never = new AbortController().signal;
  return {
    configuration,
    catalogue,
    store: async () => store,
    engine: async () => engine,
    unfinishedJobs: new UnfinishedJobs(() => new Date()),
    deadline: { arrivedAt: new Date(), work: never, answer: never },
    caller: { listsAllJobs: true },
    mintJobId,
    now: () => new Date(),
    wait: (milliseconds) => wait(milliseconds),
    log: requestLog(errorsOnly(tell)),
    metrics: noMetrics,
  };
}

function errorsOnly(tell: (text: string) => void): Log {
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message, _fields, cause) =>
      tell(`${message}${cause instanceof Error ? `: ${cause.message}` : ''}`),
    with: () => log,
  };
  return log;
}
