import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { Limits } from '../configuration/limits.ts';
import type { JobCallbacks } from '../jobs/finish-job.ts';
import { isEnded } from '../jobs/job-engine.ts';
import { noMetrics } from '../jobs/metrics.ts';
import { recordStateChange } from '../jobs/record-state-change.ts';
import { environmentName, layerVariables } from './embedded-configuration.ts';
import { queuesFor } from './embedded-defaults.ts';
import type { EmbeddedOptions } from './embedded-options.ts';
import type { JobNews } from './job-news.ts';
import type { LocalJobEngine } from './local-job-engine.ts';

/** Folder of the data folder that exists from the start of an engine until it has ended in order. */
const openedFolder = '.engine';

const loadEngine = loadOnce(() => import('./local-job-engine.ts'));

type FromOptions = Pick<
  EmbeddedOptions,
  'batchJobsDir' | 'dataDir' | 'environment' | 'jobOutput' | 'layersDir' | 'processesDir' | 'queues'
>;

export interface EngineOptions extends FromOptions {
  readonly limits: Limits;
  readonly waitingJobs: number;
  readonly objects: FileObjectStore;
  readonly store: JobStore;
  readonly callbacks: JobCallbacks;
  readonly news: JobNews;
  /** Part of the environment of every process that the engine starts. */
  readonly mark: string;
  readonly log: EmbeddedOptions['log'];
}

/** Opens the engine of child processes, which resumes the jobs of an earlier engine. */
export async function openEngine(options: EngineOptions): Promise<LocalJobEngine> {
  const { objects, store, callbacks, news, log } = options;
  const { LocalJobEngine } = await loadEngine();
  const engine = new LocalJobEngine({
    objects,
    mayHaveLeftProcesses: noteOpened(options.dataDir),
    runner: join(options.batchJobsDir, 'runner', 'main.js'),
    environment: runnerVariables(options),
    mark: options.mark,
    queues: options.queues ?? queuesFor(options.waitingJobs),
    onChange: async (jobId, engineJob) => {
      // Usually the run itself has recorded its end, so requests that wait for it can continue.
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
    await engine.start();
    return engine;
  } catch (error) {
    // The next request that needs an engine opens another, and two engines must not run the same jobs.
    await engine.stop();
    throw error;
  }
}

/** @returns whether an earlier engine was killed, so that its processes may still be running */
function noteOpened(dataDir: string): boolean {
  try {
    mkdirSync(join(dataDir, openedFolder), { mode: 0o700 });
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return true;
    throw error;
  }
}

/** Stops an engine and all its processes, and notes that it ended in order. */
export async function closeEngine(engine: LocalJobEngine, dataDir: string): Promise<void> {
  await engine.stop();
  rmSync(join(dataDir, openedFolder), { recursive: true, force: true });
}

function runnerVariables(options: EngineOptions): EmbeddedOptions['environment'] {
  const { limits } = options;
  return {
    ...options.environment,
    WPS_ENVIRONMENT: environmentName,
    WPS_JOB_STORE: pathToFileURL(options.dataDir).href,
    WPS_SCRATCH_DIR: join(options.dataDir, 'scratch'),
    WPS_INLINE_OUTPUT_BYTES: String(limits.inlineOutputBytes),
    WPS_REFERENCE_HOSTS: limits.referenceHosts.join(','),
    WPS_REFERENCE_MAX_BYTES: String(limits.referenceMaxBytes),
    WPS_REFERENCE_TIMEOUT_SECONDS: String(limits.referenceTimeoutSeconds),
    ...layerVariables(options.environment, options.layersDir),
    ...(options.processesDir === undefined ? {} : { WPS_PROCESSES_DIR: options.processesDir }),
  };
}
