import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import { mintJobId } from '../batch-jobs/api/job-id.ts';
import { JobStore } from '../batch-jobs/api/job-store.ts';
import { jsonLog } from '../batch-jobs/api/log.ts';
import type { ObjectStore } from '../batch-jobs/api/object-store.ts';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import { runCommand } from '../batch-jobs/runner/run-command.ts';
import { runJob } from '../batch-jobs/runner/run-job.ts';
import type { Configuration } from '../lambda/configuration/configuration.ts';
import { defaultLimits, type Limits } from '../lambda/configuration/limits.ts';
import type { ServiceRequest } from '../lambda/http.ts';
import { noMetrics } from '../lambda/jobs/metrics.ts';
import type { RequestDeadline } from '../lambda/jobs/request-deadline.ts';
import { UnfinishedJobs } from '../lambda/jobs/unfinished-jobs.ts';
import type { Caller, Recipients, ServiceDependencies } from '../lambda/operations/dependencies.ts';
import { encodeExecuteResponse } from '../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { serve } from '../lambda/service.ts';
import { InProcessJobEngine } from './in-process-job-engine.ts';
import { MemoryObjectStore } from './memory-object-store.ts';
import { noDeadline } from './no-deadline.ts';
import { faultsOf } from './official-schemas.ts';
import { testCatalogue } from './test-catalogue.ts';
import { select } from './xml.ts';

export interface ServiceUnderTestOptions {
  readonly catalogue?: readonly ProcessDescription[];
  readonly configuration?: Partial<Configuration>;
  readonly limits?: Partial<Limits>;
  readonly objects?: ObjectStore;
  readonly mintJobId?: () => string;
  /** Without it, the caller has no identity. */
  readonly caller?: Caller;
  /** Without it, the service sends no mail. */
  readonly mail?: Recipients;
  /** Deadline of a request that arrives now. Without it, there is none. */
  readonly deadline?: (now: Date) => RequestDeadline;
}

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** Selects from the body with an XPath expression. */
  readonly select: (xpath: string) => string[];
  /** Code, locator and text of the first exception in the body. */
  readonly exception: () => { code?: string; locator?: string; text?: string };
}

export interface ServiceUnderTest {
  readonly dependencies: ServiceDependencies;
  readonly store: JobStore;
  readonly engine: InProcessJobEngine;
  /** Lines of the log. */
  readonly log: readonly string[];
  /**
   * Sends a request. Always checks that the service's own documents are valid against the official schemas,
   * and that no cache may store an answer.
   */
  readonly send: (request: Partial<ServiceRequest>) => Promise<Answer>;
  /** GET of the endpoint, with parameters or a literal query. */
  readonly get: (query: string | Readonly<Record<string, string>>) => Promise<Answer>;
  readonly post: (body: string | Uint8Array) => Promise<Answer>;
  /** GET of a URL that the service returned. */
  readonly follow: (url: string | undefined) => Promise<Answer>;
}

const processesFolder = join(import.meta.dirname, '..', 'batch-jobs');

export const baseUrl = 'https://example.org/TEST/';
export const endpoint = `${baseUrl}wps/`;

/**
 * The service with everything it depends on, in this process: objects in memory, jobs that run at once, and a
 * clock that advances only while the service waits. An input by reference contains the URL instead of the
 * data behind it.
 */
export function serviceUnderTest(options: ServiceUnderTestOptions = {}): ServiceUnderTest {
  const catalogue = options.catalogue ?? testCatalogue;
  const log: string[] = [];
  let instant = Date.parse('2026-01-01T00:00:00Z');
  const now = () => new Date(instant);
  const objects = options.objects ?? new MemoryObjectStore();
  const store = new JobStore(
    objects,
    { filename: 'status.xml', encode: encodeExecuteResponse },
    now,
  );
  const writeLog = jsonLog((line) => log.push(line));
  const limits = { ...defaultLimits, ...options.limits };
  const engine = new InProcessJobEngine(async ({ jobId, requirements }, engineJobId, stop) => {
    // One for each run: many tests give their job the same id, and a run removes the folders of jobs that have ended.
    const scratchFolder = await mkdtemp(join(tmpdir(), 'service-under-test-'));
    return await runJob(
      { jobId, engineJobId, attempt: 1, attempts: requirements.attempts },
      {
        store: new JobStore(objects, undefined, now),
        findProcess: (identifier) => catalogue.find((process) => process.identifier === identifier),
        processesFolder,
        scratchFolder,
        environment: process.env,
        fetchReference: ({ href }, { path }) => writeFile(path, href),
        inlineOutputBytes: limits.inlineOutputBytes,
        progressIntervalMilliseconds: 1_000,
        watchIntervalMilliseconds: 60_000,
        runCommand,
        countOomKills: async () => undefined,
        log: writeLog,
        now,
        monotonic: () => instant,
        wait: async (milliseconds) => {
          instant += milliseconds;
        },
      },
      stop,
    ).finally(() => rm(scratchFolder, { recursive: true, force: true }));
  });
  const dependencies: ServiceDependencies = {
    configuration: {
      environment: 'TEST',
      baseUrl,
      statusFilename: 'status.xml',
      identification: {
        title: 'Test service',
        abstract: 'A service to test.',
        keywords: ['WPS', 'test'],
        fees: 'NONE',
        accessConstraints: 'NONE',
      },
      provider: { name: 'Tester', contact: {} },
      languages: ['en-AU', 'fr'],
      processes: catalogue.map(({ identifier }) => identifier),
      allowOrigin: '*',
      limits,
      ...options.configuration,
    },
    catalogue,
    store: async () => store,
    engine: async () => engine,
    deadline: noDeadline(now()),
    unfinishedJobs: new UnfinishedJobs(now),
    ...(options.mail ? { mail: options.mail } : {}),
    caller: options.caller ?? { listsAllJobs: false },
    mintJobId: options.mintJobId ?? mintJobId,
    now,
    monotonic: () => instant,
    wait: async (milliseconds) => {
      instant += milliseconds;
      await engine.idle();
    },
    metrics: noMetrics,
    log: writeLog,
  };

  const send = async (request: Partial<ServiceRequest>): Promise<Answer> => {
    const response = await serve(
      {
        method: 'GET',
        path: '/TEST/wps',
        query: '',
        headers: {},
        body: new Uint8Array(),
        ...request,
      },
      { ...dependencies, deadline: (options.deadline ?? noDeadline)(now()) },
    );
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store' });
    const { body } = response;
    const bytes = body instanceof Readable ? await buffer(body) : Buffer.from(body);
    const text = bytes.toString();
    const isOwnDocument =
      response.headers['content-type'] === 'text/xml' &&
      response.headers['content-disposition'] === undefined;
    if (isOwnDocument) expect(faultsOf(text), text).toEqual([]);
    const first = (xpath: string) => select(text, xpath)[0];
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      text,
      select: (xpath) => select(text, xpath),
      exception: () => ({
        ...named('code', first('//ows:Exception/@exceptionCode')),
        ...named('locator', first('//ows:Exception/@locator')),
        ...named('text', first('//ows:ExceptionText')),
      }),
    };
  };
  return {
    dependencies,
    store,
    engine,
    log,
    send,
    get: (query) =>
      send({ query: typeof query === 'string' ? query : new URLSearchParams(query).toString() }),
    post: (body) => send({ method: 'POST', body: Buffer.from(body) }),
    follow: (url = '') => {
      const { pathname, search } = new URL(url);
      return send({ path: pathname, query: search.slice(1) });
    },
  };
}

function named<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
