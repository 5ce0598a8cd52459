import { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import { formatS3Address } from '../../batch-jobs/api/s3-address.ts';
import { s3Connection } from '../../batch-jobs/api/s3-connection.ts';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import type { Callbacks } from '../callbacks/callbacks.ts';
import { openCallbacks } from '../callbacks/open-callbacks.ts';
import type { AwsConfiguration } from '../configuration/configuration.ts';
import { ConfigurationSource } from '../configuration/configuration-source.ts';
import { noticeFilename } from '../configuration/notice.ts';
import { NoticeSource } from '../configuration/notice-source.ts';
import type { JobEngine } from '../jobs/job-engine.ts';
import { meteredJobEngine } from '../jobs/metered-job-engine.ts';
import type { Metrics } from '../jobs/metrics.ts';
import type { RequestDeadline } from '../jobs/request-deadline.ts';
import { UnfinishedJobs } from '../jobs/unfinished-jobs.ts';
import type { JobMail } from '../mail/job-mail.ts';
import { openMail } from '../mail/open-mail.ts';
import { encodeExecuteResponse } from '../protocols/wps-1.0/encode-execute-response.ts';
import { batchConnection } from './batch-connection.ts';
import { BatchJobEngine } from './batch-job-engine.ts';
import { powertoolsLog } from './powertools-log.ts';
import { powertoolsMetrics } from './powertools-metrics.ts';
import { QueueSnapshots } from './queue-snapshots.ts';
import { s3ConfigurationFile } from './s3-configuration-file.ts';
import { type AwsVariables, signedGet } from './signed-get.ts';

/** Variables of the function, which are the same for all environments. */
export interface FunctionVariables extends AwsVariables {
  readonly CONFIGURATION_S3_BUCKET?: string | undefined;
  readonly CONFIG_FILENAME?: string | undefined;
  /** Set by Lambda. */
  readonly AWS_REGION?: string | undefined;
}

/** What the function needs from the environment that calls it. */
export interface AwsEnvironment {
  readonly configuration: AwsConfiguration;
  /** Address of the store, as the runner receives it. */
  readonly storeAddress: string;
  readonly unfinishedJobs: UnfinishedJobs;
  readonly store: () => Promise<JobStore>;
  readonly engine: () => Promise<JobEngine>;
  readonly callbacks: Callbacks;
  /** Left out if the environment sends no mail. */
  readonly mail?: JobMail;
}

/** One call of the function: its environment, and where it is logged. */
export interface AwsCall {
  readonly log: Log;
  readonly metrics: Metrics;
  /**
   * @param deadline after which store and engine make no calls; if left out, there is none
   * @throws if the environment has no usable configuration
   */
  readonly environment: (deadline?: RequestDeadline) => Promise<AwsEnvironment>;
}

/** How configurations age; see `ConfigurationSource` for the meaning of each value. */
const ageing = {
  timeToLiveMilliseconds: 60_000,
  staleMilliseconds: 600_000,
  patienceMilliseconds: 3_000,
};

/** A connection that is silent for longer is dropped; a gateway waits 29 s for all attempts together. */
const silenceMilliseconds = 4_000;

/**
 * Everything that lives as long as the function's process: configurations, clients, metrics. Clients are
 * created, and the SDK's modules loaded, on first use.
 *
 * @returns opens a call by its alias
 */
export function awsEnvironments(
  variables: FunctionVariables,
): (alias: string, requestId: string) => AwsCall {
  const log = powertoolsLog();
  const clients = once((region: string) => s3Connection({ region, silenceMilliseconds }));
  const batchClients = once(batchConnection);
  const snapshotsOf = once(
    (region: string) =>
      new QueueSnapshots({ client: batchClients(region), log, now: () => new Date() }),
  );
  const metricsOf = once(powertoolsMetrics);
  const unfinishedJobsOf = once((_environment: string) => new UnfinishedJobs(() => new Date()));
  const filesOf = once((bucket: string) =>
    s3ConfigurationFile(
      bucket,
      clients(required(variables, 'AWS_REGION')),
      signedGet(bucket, variables),
    ),
  );
  const noticesOf = once((alias: string) => {
    const fetchFile = filesOf(required(variables, 'CONFIGURATION_S3_BUCKET'));
    return new NoticeSource({
      fetch: async () => {
        const found = await fetchFile(`${alias}/${noticeFilename}`);
        return found === 'unchanged' ? undefined : found?.text;
      },
      ...ageing,
      // A request can do without the notice.
      patienceMilliseconds: 1_000,
      now: () => new Date(),
      log: log.with({ environment: alias }),
    });
  });
  let source: ConfigurationSource | undefined;
  const openSource = () => {
    const bucket = required(variables, 'CONFIGURATION_S3_BUCKET');
    return new ConfigurationSource({
      bucket,
      filename: required(variables, 'CONFIG_FILENAME'),
      fetch: filesOf(bucket),
      catalogue,
      ...ageing,
      now: () => new Date(),
      watch: (alias) => ({ log: log.with({ environment: alias }), metrics: metricsOf(alias) }),
    });
  };
  const environmentOf = (
    configuration: AwsConfiguration,
    deadline?: RequestDeadline,
  ): AwsEnvironment => {
    const { region, outputBucket: bucket, outputPrefix: prefix, outputKmsKey } = configuration;
    const objects = new S3ObjectStore({
      bucket,
      prefix,
      ...(outputKmsKey === undefined ? {} : { kmsKeyId: outputKmsKey }),
      client: clients(region),
      ...(deadline && { signal: deadline.answer }),
    });
    const store = new JobStore(
      objects,
      { filename: configuration.statusFilename, encode: encodeExecuteResponse },
      () => new Date(),
      // A lifecycle rule of the bucket removes jobs.
      { expiresByItself: true },
    );
    const engine = meteredJobEngine(
      new BatchJobEngine({
        configuration,
        client: batchClients(region),
        snapshots: snapshotsOf(region),
        ...(deadline && { signal: deadline.work }),
      }),
      metricsOf(configuration.environment),
      () => new Date(),
    );
    const { mail, limits, identification } = configuration;
    return {
      configuration,
      ...(mail && {
        mail: openMail(
          {
            objects,
            store,
            domains: limits.mailDomains,
            perRecipientAndDay: limits.mailsPerRecipientAndDay,
            serviceTitle: identification.title,
            retention: configuration,
            catalogue: async () => catalogue,
            now: () => new Date(),
            log: log.with({ environment: configuration.environment }),
          },
          async () => (await import('./ses-sender.ts')).sesSender({ ...mail, region }),
        ),
      }),
      unfinishedJobs: unfinishedJobsOf(configuration.environment),
      storeAddress: formatS3Address({ bucket, prefix }),
      store: async () => store,
      engine: async () => engine,
      callbacks: openCallbacks({
        objects,
        store,
        hosts: configuration.limits.callbackHosts,
        retention: configuration,
        now: () => new Date(),
        log: log.with({ environment: configuration.environment }),
      }),
    };
  };
  return (alias, requestId) => ({
    log: log.with({ environment: alias, requestId }),
    metrics: metricsOf(alias),
    environment: async (deadline) => {
      source ??= openSource();
      // Both files are read at once, so that a first request waits no longer for two than for one.
      const [configuration, notice] = await Promise.all([
        source.of(alias),
        noticesOf(alias).current(),
      ]);
      return environmentOf({ ...configuration, ...(notice && { notice }) }, deadline);
    },
  });
}

/** Creates a value for each key on first use, and returns the same value from then on. */
function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const found = made.get(key);
    if (found !== undefined) return found;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

function required(variables: FunctionVariables, name: keyof FunctionVariables): string {
  const value = variables[name];
  if (!value) throw new Error(`the function's variable ${name} is not set`);
  return value;
}
