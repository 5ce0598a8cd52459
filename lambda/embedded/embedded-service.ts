import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { mintJobId } from '../../batch-jobs/api/job-id.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { ProcessDescription, QueueClass } from '../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { type CallbackNetwork, openCallbacks } from '../callbacks/open-callbacks.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { defaultLimits, type Limits } from '../configuration/limits.ts';
import { isEnded } from '../jobs/job-engine.ts';
import { noMetrics } from '../jobs/metrics.ts';
import { recordStateChange } from '../jobs/record-state-change.ts';
import { requestDeadline } from '../jobs/request-deadline.ts';
import { sweepJobs } from '../jobs/sweep-jobs.ts';
import { UnfinishedJobs } from '../jobs/unfinished-jobs.ts';
import { encodeExecuteResponse } from '../protocols/wps-1.0/encode-execute-response.ts';
import { serve } from '../service.ts';
import {
  defaultKeepDays,
  defaultWaitingJobs,
  queuesFor,
  unfinishedFor,
} from './embedded-defaults.ts';
import { forgetJobs } from './forget-jobs.ts';
import { httpServer } from './http-server.ts';
import { JobNews } from './job-news.ts';
import { type LocalAccess, refuseForeign } from './local-access.ts';
import type { LocalJobEngine, LocalQueue } from './local-job-engine.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { OfferedFolders } from './offered-folders.ts';

export interface EmbeddedOptions extends LocalAccess {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder for all documents, outputs and the engine's queue. */
  readonly dataDir: string;
  /** Folder that holds one folder of NetCDF files a layer. */
  readonly layersDir: string;
  /** Folder of the built processes and of the runner (`dist/batch-jobs`). */
  readonly batchJobsDir: string;
  /** Folder of folders that are processes, each described in its process file; left out, none. */
  readonly processesDir?: string;
  /** Is told of each fault in a process file; left out, only the log is. */
  readonly onProcessFault?: (fault: string) => void;
  /** Variables jobs inherit. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Jobs that may wait; more are refused as busy. Left out, a thousand. */
  readonly waitingJobs?: number;
  /** Days that a job is kept once it has ended; left out, thirty. */
  readonly keepDays?: number;
  readonly queues?: Readonly<Record<QueueClass, LocalQueue>>;
  readonly limits?: Partial<Limits>;
  /** How long answering one request may take; left out, a minute. */
  readonly requestSeconds?: number;
  /** Time between looks at the jobs that nobody has finished; left out, a minute. */
  readonly sweepSeconds?: number;
  /** Offers the process that test suites run against; left out, it does. */
  readonly testProcess?: boolean;
  /** How callbacks reach the network; replaced by tests only. */
  readonly callbackNetwork?: CallbackNetwork;
  /** File descriptor that jobs print to; left out, this process's standard error. */
  readonly jobOutput?: number;
  readonly log: Log;
}

export interface EmbeddedService {
  /** `http://127.0.0.1:<port>/wps` */
  readonly endpoint: string;
  /**
   * Aborted when the data folder was deleted or replaced, with the reason. The service must then be
   * closed: what it would still write could reach another service's folder.
   */
  readonly lost: AbortSignal;
  /** Ends running jobs (they are taken up again by the next start) and closes the port. */
  close(): Promise<void>;
}

const environmentName = 'local';

/** Old jobs are looked for once in so many sweeps: there may be many thousands. */
const sweepsPerForgetting = 60;

/** The whole service on one machine: files for S3, child processes for AWS Batch. */
export async function startEmbeddedService(options: EmbeddedOptions): Promise<EmbeddedService> {
  const { log, requestSeconds = 60, sweepSeconds = 60, waitingJobs = defaultWaitingJobs } = options;
  const started = new Date();
  const limits = {
    ...defaultLimits,
    maxUnfinishedJobs: unfinishedFor(waitingJobs),
    ...options.limits,
  };
  const lock = await lockDataFolder(options.dataDir);
  const closing = new AbortController();
  const objects = new FileObjectStore(options.dataDir);
  await objects.removeUnfinished(isAlive);
  const statusFilename = 'status.xml';
  const store = new JobStore(objects, { filename: statusFilename, encode: encodeExecuteResponse });
  const callbacks = openCallbacks(
    { objects, store, hosts: limits.callbackHosts, now: () => new Date(), log },
    options.callbackNetwork,
  );
  const news = new JobNews();
  let engine: Promise<LocalJobEngine> | undefined;

  const openEngine = async () => {
    const { LocalJobEngine } = await import('./local-job-engine.ts');
    const opened = new LocalJobEngine({
      objects,
      runner: join(options.batchJobsDir, 'runner', 'main.js'),
      environment: {
        ...options.environment,
        WPS_ENVIRONMENT: environmentName,
        WPS_JOB_STORE: pathToFileURL(options.dataDir).href,
        WPS_SCRATCH_DIR: join(options.dataDir, 'scratch'),
        WPS_INLINE_OUTPUT_BYTES: String(limits.inlineOutputBytes),
        WPS_REFERENCE_HOSTS: limits.referenceHosts.join(','),
        WPS_REFERENCE_MAX_BYTES: String(limits.referenceMaxBytes),
        WPS_REFERENCE_TIMEOUT_SECONDS: String(limits.referenceTimeoutSeconds),
        GOGODUCK_LAYERS_DIR: options.layersDir,
        ...(options.processesDir === undefined ? {} : { WPS_PROCESSES_DIR: options.processesDir }),
      },
      mark: lock.id,
      queues: options.queues ?? queuesFor(waitingJobs),
      onChange: async (jobId, engineJob) => {
        // The run has reported its end itself, as a rule: nobody need wait until all else is in order.
        if (isEnded(engineJob)) news.tell(jobId);
        await recordStateChange(jobId, engineJob, {
          store,
          callbacks,
          metrics: noMetrics,
          log: log.with({ jobId }),
        });
        news.tell(jobId);
      },
      ...(options.jobOutput === undefined ? {} : { output: options.jobOutput }),
      log,
    });
    try {
      await opened.start();
      return opened;
    } catch (error) {
      // The next to need an engine opens another, and two must not run the same jobs.
      await opened.stop();
      throw error;
    }
  };
  /**
   * Jobs that an earlier run wrote down and did not submit, or whose end it did not record, and
   * markers of those that it did not write down: none of its requests is under way any more.
   */
  const takeUpOlderThan = (start: Date) =>
    sweepJobs({
      ...parts,
      store,
      callbacks,
      overdueSeconds: 0,
      unsubmittedSeconds: 0,
      leftoverSeconds: 0,
      now: () => start,
    });
  const sweep = () =>
    sweepJobs({
      ...parts,
      store,
      callbacks,
      overdueSeconds: limits.jobOverdueSeconds,
      // What a request began before its time was up comes to an end by then.
      leftoverSeconds: 2 * requestSeconds,
    });
  const forget = (signal: AbortSignal) =>
    forgetJobs({
      objects,
      store,
      keepDays: options.keepDays ?? defaultKeepDays,
      leftoverSeconds: Math.max(3600, 2 * requestSeconds),
      now: parts.now,
      log,
      signal,
    });
  /** Until the service closes. */
  const lookAfterJobs = async (closing: AbortSignal) => {
    await parts
      .engine()
      .then(() => takeUpOlderThan(started))
      .catch((error) => log.error('jobs of an earlier run were not taken up', {}, error));
    for (let round = 0; ; round++) {
      if (round % sweepsPerForgetting === 0) {
        await forget(closing).catch((error) => log.error('old jobs were not removed', {}, error));
      }
      const options = { signal: closing, ref: false };
      await wait(sweepSeconds * 1000, undefined, options).catch(() => undefined);
      if (closing.aborted) return;
      await objects
        .removeUnfinished(isAlive)
        .catch((error) => log.error('unfinished files were not removed', {}, error));
      await sweep().catch((error) => log.error('unfinished jobs were not looked at', {}, error));
    }
  };
  const parts = {
    catalogue,
    store: async () => store,
    engine: () => {
      engine ??= openEngine().catch((error) => {
        engine = undefined;
        throw error;
      });
      return engine;
    },
    // By a clock that nobody sets: a count would otherwise hold until that clock has caught up.
    unfinishedJobs: new UnfinishedJobs(() => new Date(performance.timeOrigin + performance.now())),
    caller: { listsAllJobs: true },
    processVariables: { ...options.environment, GOGODUCK_LAYERS_DIR: options.layersDir },
    callbacks,
    mintJobId,
    now: () => new Date(),
    wait: (milliseconds: number) => wait(milliseconds),
    heardOf: (jobId: string, signal: AbortSignal) => news.heardOf(jobId, signal),
    log,
    metrics: noMetrics,
  };

  const folders =
    options.processesDir === undefined
      ? undefined
      : new OfferedFolders(options.processesDir, catalogue, log, (fault) => {
          log.warn('a process file is at fault', { fault });
          options.onProcessFault?.(fault);
        });
  // A person who starts the service is told at once.
  await folders?.current();

  let configuration: Configuration | undefined;
  const server = httpServer(
    async (request) => {
      if (!configuration) throw new Error('the server answers before it listens');
      const refused = refuseForeign(request, options);
      if (refused) return refused;
      const deadline = requestDeadline(new Date(), requestSeconds * 1000);
      // Whoever waits for a job is told where it is when the service closes.
      const work = AbortSignal.any([deadline.work, closing.signal]);
      const offered = folders ? await folders.current() : catalogue;
      return serve(request, {
        ...parts,
        catalogue: offered,
        configuration: {
          ...configuration,
          processes: offeredIdentifiers(offered, options),
        },
        deadline: { ...deadline, work },
      });
    },
    limits.maxRequestBytes,
    log,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  }).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  configuration = {
    ...embeddedConfiguration(`http://127.0.0.1:${port}/`, statusFilename, limits),
    processes: offeredIdentifiers(catalogue, options),
    ...(options.allowOrigin === undefined ? {} : { allowOrigin: options.allowOrigin }),
  };
  // Jobs an earlier run left are taken up now, after the port answers.
  const lookedAfter = lookAfterJobs(closing.signal);

  return {
    endpoint: `http://127.0.0.1:${port}/wps`,
    lost: lock.lost,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      closing.abort();
      const isLost = lock.lost.aborted;
      if (isLost) server.closeAllConnections();
      const opened = await engine?.catch(() => undefined);
      if (isLost) await opened?.abandon();
      await lookedAfter;
      await opened?.stop();
      server.closeAllConnections();
      await closed;
      await lock.release();
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function offeredIdentifiers(
  processes: readonly ProcessDescription[],
  { testProcess = true }: Pick<EmbeddedOptions, 'testProcess'>,
): readonly string[] {
  return processes
    .filter(({ isForTests = false }) => !isForTests || testProcess)
    .map(({ identifier }) => identifier);
}

function embeddedConfiguration(
  baseUrl: string,
  statusFilename: string,
  limits: Limits,
): Omit<Configuration, 'processes'> {
  return {
    environment: environmentName,
    baseUrl,
    statusFilename,
    identification: {
      title: 'Web Processing Service',
      abstract: 'Subsets and aggregates gridded data. Embedded mode, on one machine.',
      keywords: ['WPS', 'NetCDF', 'aggregation'],
      fees: 'NONE',
      accessConstraints: 'NONE',
    },
    provider: { name: 'This machine', contact: {} },
    languages: ['en-US'],
    limits,
  };
}
