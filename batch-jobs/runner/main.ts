/**
 * The container's entry point: runs one attempt of one job. Its variables:
 *
 * - `WPS_JOB_ID`: the job
 * - `WPS_JOB_STORE`: where its documents lie, `file:///folder` or `s3://bucket/prefix`
 * - `WPS_JOB_ATTEMPTS`: how often it is tried in all (default 1)
 * - `WPS_SCRATCH_DIR`: where the scratch folder is made (default: the system's)
 * - `WPS_STATUS_FILENAME`: name of the status document (default `status.xml`)
 * - `WPS_INLINE_OUTPUT_BYTES`: largest output kept for the status document itself (default 1 MiB)
 * - `WPS_REFERENCE_HOSTS`, `WPS_REFERENCE_MAX_BYTES`, `WPS_REFERENCE_TIMEOUT_SECONDS`: what may be
 *   fetched as an input (default: nothing)
 * - `AWS_BATCH_JOB_ID`, `AWS_BATCH_JOB_ATTEMPT`: set by AWS Batch (and by the local engine)
 */

import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeExecuteResponse } from '../../lambda/wps/encode-execute-response.ts';
import { FileObjectStore } from '../api/file-object-store.ts';
import { JobStore } from '../api/job-store.ts';
import { jsonLog } from '../api/log.ts';
import type { ObjectStore } from '../api/object-store.ts';
import { findProcess } from '../catalogue.ts';
import { runJob } from './run-job.ts';

const variables = process.env;

function required(name: string): string {
  const value = variables[name];
  if (!value) throw new Error(`variable ${name} is not set`);
  return value;
}

async function openObjectStore(address: string): Promise<ObjectStore> {
  const url = new URL(address);
  if (url.protocol === 'file:') return new FileObjectStore(fileURLToPath(url));
  throw new Error(`variable WPS_JOB_STORE is ${address}; allowed: file:///folder`);
}

const jobId = required('WPS_JOB_ID');
const log = jsonLog((line) => process.stdout.write(line), { jobId });
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
// The local engine holds a channel to the runner: when the service dies, so does the run.
process.on('disconnect', () => stop.abort());

const referenceLimits = {
  hosts: (variables['WPS_REFERENCE_HOSTS'] ?? '').split(',').filter((host) => host !== ''),
  maximumBytes: Number(variables['WPS_REFERENCE_MAX_BYTES'] ?? 512 * 1024 * 1024),
  timeoutSeconds: Number(variables['WPS_REFERENCE_TIMEOUT_SECONDS'] ?? 60),
};

const objects = await openObjectStore(required('WPS_JOB_STORE'));
process.exitCode = await runJob(
  {
    jobId,
    engineJobId: variables['AWS_BATCH_JOB_ID'] ?? jobId,
    attempt: Number(variables['AWS_BATCH_JOB_ATTEMPT'] ?? 1),
    attempts: Number(variables['WPS_JOB_ATTEMPTS'] ?? 1),
  },
  {
    store: new JobStore(objects, {
      filename: variables['WPS_STATUS_FILENAME'] ?? 'status.xml',
      encode: encodeExecuteResponse,
    }),
    findProcess,
    processesFolder: join(dirname(fileURLToPath(import.meta.url)), '..'),
    scratchFolder: variables['WPS_SCRATCH_DIR'] ?? tmpdir(),
    environment: variables,
    fetchReference: async (...input) => {
      // Most jobs fetch nothing, and need no HTTP client.
      const { referenceFetcher } = await import('./fetch-reference.ts');
      await referenceFetcher(referenceLimits)(...input);
    },
    inlineOutputBytes: Number(variables['WPS_INLINE_OUTPUT_BYTES'] ?? 1024 * 1024),
    progressIntervalMilliseconds: 1_000,
    log,
    now: () => new Date(),
  },
  stop.signal,
);
// A channel to the local engine would keep the process alive.
if (process.connected) process.disconnect();
