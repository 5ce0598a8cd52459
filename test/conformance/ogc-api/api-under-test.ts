import LinkHeader from 'http-link-header';
import { expect } from 'vitest';
import type { JsonValue } from '../../../batch-jobs/api/job.ts';
import { echoInputs } from '../../../batch-jobs/echo-inputs/process.ts';
// Loaded here, not by the first request: `npm run mutants` takes code that runs while a module loads for code
// of the test in which that happens.
import '../../../lambda/protocols/ogc-api/encode-fault.ts';
import '../../../lambda/protocols/ogc-api/handlers.ts';
import '../../../lambda/protocols/ogc-api/openapi/openapi-document.ts';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import {
  baseUrl,
  type ServiceUnderTest,
  type ServiceUnderTestOptions,
  serviceUnderTest,
} from '../../service-under-test.ts';
import { testCatalogue } from '../../test-catalogue.ts';

/** A document of the API, read as loosely as a client reads it. */
// biome-ignore lint/suspicious/noExplicitAny: what is in it is what the tests are about
export type Document = any;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
  readonly json: () => Document;
  /** URL of the link with this relation in the header `Link`. */
  readonly link: (rel: string) => string | undefined;
}

type Headers = Readonly<Record<string, string>>;

export interface ApiUnderTest extends ServiceUnderTest {
  /** Sends a request to a path below the base URL, or to a URL that the service returned. */
  readonly call: (
    method: string,
    target: string,
    headers?: Headers,
    body?: JsonValue | Uint8Array,
  ) => Promise<ApiAnswer>;
  readonly read: (target: string, headers?: Headers) => Promise<ApiAnswer>;
  readonly execute: (process: string, request: JsonValue, headers?: Headers) => Promise<ApiAnswer>;
  /** Like {@link execute}, but asynchronous. Resolves to the job's id once the job has ended. */
  readonly runToEnd: (process: string, request: JsonValue, headers?: Headers) => Promise<string>;
}

export const asynchronously = { prefer: 'respond-async' } as const;

/**
 * The service under test as a client of OGC API - Processes sees it, with the echo process. Checks that every
 * exception is valid against the schema of the standard, and that every link of a document has a type.
 */
export function apiUnderTest(options: ServiceUnderTestOptions = {}): ApiUnderTest {
  const service = serviceUnderTest({
    catalogue: [echoInputs, ...testCatalogue],
    caller: { listsAllJobs: true },
    ...options,
  });
  const call: ApiUnderTest['call'] = async (method, target, headers = {}, body) => {
    const url = new URL(target, baseUrl);
    const answer = await service.send({
      method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body:
        body === undefined
          ? new Uint8Array()
          : body instanceof Uint8Array
            ? body
            : Buffer.from(JSON.stringify(body)),
    });
    const { status, bytes, text } = answer;
    const type = answer.headers['content-type'] ?? '';
    const isFault = status >= 400 && /json/.test(type);
    if (isFault) expect(apiFaultsOf('exception', JSON.parse(text)), text).toEqual([]);
    if (type === 'application/json') checkLinks(JSON.parse(text));
    return {
      status,
      headers: answer.headers,
      bytes,
      text,
      json: () => JSON.parse(text),
      link: (rel) => LinkHeader.parse(answer.headers['link'] ?? '').rel(rel)[0]?.uri,
    };
  };
  const execute: ApiUnderTest['execute'] = (process, request, headers) =>
    call('POST', `processes/${process}/execution`, headers, request);
  return {
    ...service,
    call,
    read: (target, headers) => call('GET', target, headers),
    execute,
    runToEnd: async (process, request, headers) => {
      const accepted = await execute(process, request, { ...asynchronously, ...headers });
      expect(accepted.status, accepted.text).toBe(201);
      await service.engine.idle();
      return accepted.json().jobID;
    },
  };
}

function checkLinks(document: Document): void {
  if (typeof document !== 'object' || document === null) return;
  for (const link of Array.isArray(document.links) ? document.links : []) {
    expect(link).toMatchObject({
      href: expect.stringMatching(/^https:/),
      rel: expect.any(String),
      type: expect.stringMatching(/^\w+\/[\w.+-]+/),
    });
  }
}
