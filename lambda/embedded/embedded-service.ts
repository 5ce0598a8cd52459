import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { mintJobId } from '../../batch-jobs/api/job-id.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { storeOffered } from '../../batch-jobs/api/offered-processes.ts';
import { openPlainFile } from '../../batch-jobs/api/plain-file.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { openCallbacks } from '../callbacks/open-callbacks.ts';
import { defaultLimits, type Limits } from '../configuration/limits.ts';
import { noticeFilename } from '../configuration/notice.ts';
import { NoticeSource } from '../configuration/notice-source.ts';
import { noMetrics } from '../jobs/metrics.ts';
import { requestDeadline } from '../jobs/request-deadline.ts';
import { tellAll } from '../jobs/tell-all.ts';
import { UnfinishedJobs } from '../jobs/unfinished-jobs.ts';
import type { ServiceDependencies } from '../operations/dependencies.ts';
import { encodeExecuteResponse } from '../protocols/wps-1.0/encode-execute-response.ts';
import { serve } from '../service.ts';
import { connectionLimit } from './connection-limit.ts';
import {
  embeddedConfiguration,
  layerVariables,
  offeredIdentifiers,
} from './embedded-configuration.ts';
import {
  defaultKeepDays,
  defaultWaitingJobs,
  endpointFilename,
  unfinishedFor,
} from './embedded-defaults.ts';
import type { EmbeddedOptions } from './embedded-options.ts';
import { httpServer } from './http-server.ts';
import { JobNews } from './job-news.ts';
import { refuseForeign } from './local-access.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { lookAfterJobs } from './look-after-jobs.ts';
import { OfferedFolders } from './offered-folders.ts';
import { OnDemand } from './on-demand.ts';
import { closeEngine, openEngine } from './open-engine.ts';
import { openEmbeddedMail, toldAtOnce } from './open-mail.ts';

export interface EmbeddedService {
  /** `http://127.0.0.1:<port>/wps` */
  readonly endpoint: string;
  /**
   * Aborted if the data folder was deleted or replaced, with the reason. The service must then be closed:
   * further writes could reach another service's folder.
   */
  readonly lost: AbortSignal;
  /** Ends running jobs (the next start resumes them) and closes the port. */
  close(): Promise<void>;
}

const statusFilename = 'status.xml';

/**
 * Starts the whole service on one machine, with files instead of S3 and child processes instead of AWS Batch.
 */
export async function startEmbeddedService(options: EmbeddedOptions): Promise<EmbeddedService> {
  const {
    log,
    requestSeconds = 60,
    waitingJobs = defaultWaitingJobs,
    testProcess = true,
  } = options;
  const limits = {
    ...defaultLimits,
    maxUnfinishedJobs: unfinishedFor(waitingJobs),
    ...options.limits,
  };
  const retention = { retentionDays: options.keepDays ?? defaultKeepDays };
  const lock = await lockDataFolder(options.dataDir);
  const closing = new AbortController();
  const objects = new FileObjectStore(options.dataDir);
  await objects.removeUnfinished(isAlive);
  const store = new JobStore(objects, { filename: statusFilename, encode: encodeExecuteResponse });
  const callbacks = openCallbacks(
    { objects, store, hosts: limits.callbackHosts, retention, now: () => new Date(), log },
    options.callbackNetwork,
  );
  const offered = await openCatalogue(options, limits, objects);
  const mail =
    options.mail &&
    openEmbeddedMail(options.mail, { objects, store, limits, retention, catalogue: offered, log });
  const told = mail ? tellAll(callbacks, mail) : callbacks;
  const news = new JobNews();
  const engine = new OnDemand(() =>
    openEngine({
      ...options,
      limits,
      waitingJobs,
      objects,
      store,
      callbacks: told,
      news,
      mark: lock.id,
    }),
  );
  const dependencies = {
    store: async () => store,
    engine: () => engine.get(),
    unfinishedJobs: new UnfinishedJobs(unsetClock),
    caller: { listsAllJobs: true },
    processVariables: {
      ...options.environment,
      ...layerVariables(options.environment, options.layersDir),
    },
    callbacks,
    ...(mail && { mail: toldAtOnce(mail, log) }),
    mintJobId,
    now: () => new Date(),
    wait: (milliseconds: number) => wait(milliseconds),
    heardOf: (jobId: string, signal: AbortSignal) => news.heardOf(jobId, signal),
    log,
    metrics: noMetrics,
  };
  const notices = new NoticeSource({
    fetch: () => fileIfThere(join(options.dataDir, noticeFilename)),
    timeToLiveMilliseconds: 1_000,
    staleMilliseconds: 3_000,
    patienceMilliseconds: 1_000,
    now: unsetClock,
    log,
  });

  let served: Pick<ServiceDependencies, 'catalogue' | 'configuration'> | undefined;
  const server = httpServer(
    async (request) => {
      if (!served) throw new Error('the server answers before it listens');
      const refused = refuseForeign(request, options);
      if (refused) return refused;
      const [processes, notice] = await Promise.all([offered(), notices.current()]);
      if (processes !== served.catalogue) {
        served = {
          catalogue: processes,
          configuration: {
            ...served.configuration,
            processes: offeredIdentifiers(processes, testProcess),
          },
        };
      }
      return serve(request, {
        ...dependencies,
        ...served,
        ...(notice && { configuration: { ...served.configuration, notice } }),
        // When the service closes, a client that waits for a job gets the job's address.
        deadline: requestDeadline(new Date(), requestSeconds * 1000, closing.signal),
      });
    },
    limits.maxRequestBytes,
    log,
    { maximumConnections: connectionLimit() },
  );
  const left: string[] = [];
  const port = await startListening().catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  async function startListening(): Promise<number> {
    for await (const jobId of store.unfinished.list()) left.push(jobId);
    return await listen(server, options.port);
  }
  served = {
    catalogue,
    configuration: {
      ...embeddedConfiguration(`http://127.0.0.1:${port}/`, statusFilename, limits),
      processes: offeredIdentifiers(catalogue, testProcess),
      ...retention,
      ...(options.allowOrigin === undefined ? {} : { allowOrigin: options.allowOrigin }),
      ...(options.wpsVersion === undefined ? {} : { wpsVersion: options.wpsVersion }),
    },
  };
  // For the operators' commands, which know the folder.
  const endpoint = `http://127.0.0.1:${port}/wps`;
  try {
    noteEndpoint(options.dataDir, endpoint);
  } catch (error) {
    log.error("the endpoint was not noted for the operators' commands", {}, error);
  }
  // Jobs of an earlier run are resumed after the port answers.
  const lookedAfter = lookAfterJobs({
    ...dependencies,
    callbacks: told,
    catalogue,
    objects,
    store,
    limits,
    left,
    requestSeconds,
    sweepSeconds: options.sweepSeconds ?? 60,
    retention,
    isAlive,
    signal: closing.signal,
  });

  return {
    endpoint,
    lost: lock.lost,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      closing.abort();
      const isLost = lock.lost.aborted;
      if (isLost) server.closeAllConnections();
      const opened = await engine.opened();
      if (isLost) await opened?.abandon();
      await lookedAfter;
      if (opened) await (isLost ? opened.stop() : closeEngine(opened, options.dataDir));
      server.closeAllConnections();
      await closed;
      await lock.release();
    },
  };
}

/** Replaces the file instead of writing into it: a link may lead to somebody else's file. */
function noteEndpoint(dataDir: string, endpoint: string): void {
  const path = join(dataDir, endpointFilename);
  const next = `${path}-${process.pid}`;
  rmSync(next, { force: true });
  try {
    writeFileSync(next, `${endpoint}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(next, path);
  } finally {
    rmSync(next, { force: true });
  }
}

async function fileIfThere(path: string): Promise<string | undefined> {
  try {
    const file = await openPlainFile(path, { links: 'followed' });
    return await file?.readFile('utf8').finally(() => file.close());
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * A clock that cannot be set: if the system clock were set back, temporary values would be cached until it
 * caught up.
 */
function unsetClock(): Date {
  return new Date(performance.timeOrigin + performance.now());
}

/** @returns the processes offered at the time of a call */
async function openCatalogue(
  { processesDir, onProcessFault, log }: EmbeddedOptions,
  limits: Limits,
  objects: FileObjectStore,
): Promise<() => Promise<readonly ProcessDescription[]>> {
  if (processesDir === undefined) return async () => catalogue;
  const bounds = {
    requestBytes: limits.maxRequestBytes,
    referenceBytes: limits.referenceHosts.length === 0 ? 0 : limits.referenceMaxBytes,
    remedy:
      limits.referenceHosts.length === 0
        ? 'allow larger requests (--max-request-mib) or references (--reference-host)'
        : 'allow larger requests (--max-request-mib)',
  };
  const folders = new OfferedFolders({
    directory: processesDir,
    builtIn: catalogue,
    bounds,
    store: (processes) => storeOffered(objects, processes),
    tell: (fault) => {
      log.warn('a process file is at fault', { fault });
      onProcessFault?.(fault);
    },
    log,
  });
  // The person who starts the service sees the faults at once.
  await folders.current();
  return () => folders.current();
}

/** @returns the port that the server listens on */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
