import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJobId } from '../api/job-id.ts';
import { runnerVariables } from '../api/runner-variables.ts';
import { parseS3Address, type S3Address } from '../api/s3-address.ts';
import type { ReferenceLimits } from './fetch-reference.ts';
import type { Run } from './run-record.ts';

export interface RunnerSettings {
  readonly run: Run;
  readonly store: { readonly folder: string } | S3Address;
  readonly region: string | undefined;
  readonly kmsKey: string | undefined;
  readonly inlineOutputBytes: number;
  readonly references: ReferenceLimits;
  readonly scratchFolder: string;
  readonly progressIntervalMilliseconds: number;
  /** Undefined if the container has its own limit. */
  readonly memoryMiB: number | undefined;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The runner's settings, from its variables (`batch-jobs/api/runner-variables.ts`).
 *
 * @throws for the first invalid variable: what was found, what is allowed
 */
export function runnerSettings(variables: Variables): RunnerSettings {
  const jobId = variables[runnerVariables.jobId] ?? '';
  if (!isJobId(jobId)) throw fault(runnerVariables.jobId, jobId, 'a job id');
  const store = storeOf(variables);
  return {
    run: {
      jobId,
      engineJobId: variables[runnerVariables.engineJobId] ?? jobId,
      attempt: count(variables, runnerVariables.attempt, 1),
      attempts: count(variables, runnerVariables.attempts, 1),
    },
    store,
    region: variables[runnerVariables.region] || undefined,
    kmsKey: variables[runnerVariables.kmsKey] || undefined,
    inlineOutputBytes: count(variables, runnerVariables.inlineOutputBytes, 1024 * 1024),
    references: {
      hosts: (variables[runnerVariables.referenceHosts] ?? '').split(',').filter(Boolean),
      maximumBytes: count(variables, runnerVariables.referenceMaxBytes, 512 * 1024 * 1024),
      timeoutSeconds: count(variables, runnerVariables.referenceTimeoutSeconds, 60),
    },
    scratchFolder: scratchFolder(variables),
    // Each message costs three or four calls to the store. S3 bills them, and clients seldom poll.
    progressIntervalMilliseconds: 'folder' in store ? 1_000 : 5_000,
    memoryMiB: count(variables, runnerVariables.memoryMiB, 0) || undefined,
  };
}

export function scratchFolder(variables: Variables): string {
  return variables[runnerVariables.scratchDir] || tmpdir();
}

function storeOf(variables: Variables): RunnerSettings['store'] {
  const address = variables[runnerVariables.store] ?? '';
  const folder = folderOf(address);
  if (folder !== undefined) return { folder };
  const place = parseS3Address(address);
  if (place) return place;
  throw fault(runnerVariables.store, address, 's3://bucket/prefix/ or file:///folder');
}

/** Returns undefined for any other text, and for the root of the file system (`file:`, `file:///`). */
function folderOf(address: string): string | undefined {
  if (!address.startsWith('file:///')) return undefined;
  try {
    const folder = resolve(fileURLToPath(address));
    return folder === dirname(folder) ? undefined : folder;
  } catch {
    return undefined;
  }
}

function count(variables: Variables, name: string, standard: number): number {
  const text = variables[name];
  if (!text) return standard;
  if (!/^\d+$/.test(text)) throw fault(name, text, 'a whole number');
  return Number(text);
}

function fault(name: string, found: string, allowed: string): Error {
  return new Error(`variable ${name} is "${found}"; allowed: ${allowed}`);
}
