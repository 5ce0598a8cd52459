import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Transform, type TransformCallback } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, type Dispatcher, request } from 'undici';
import type { Reference } from '../api/job.ts';
import { refusedHeader } from '../api/reference-headers.ts';
import { refusedHost } from '../api/reference-hosts.ts';
import { writeStream } from '../api/write-stream.ts';
import { checkedConnector, publicNetwork, type ReferenceNetwork } from './checked-connector.ts';
import { JobFault } from './job-fault.ts';
import type { FetchReference } from './materialise-inputs.ts';
import { ReferenceFault } from './reference-fault.ts';

export interface ReferenceLimits {
  /** Hosts that references may name; see `batch-jobs/api/reference-hosts.ts`. */
  readonly hosts: readonly string[];
  /** Largest content accepted from one reference, measured as stored in the file. */
  readonly maximumBytes: number;
  /** Maximum total time to fetch one reference, including its body and redirects. */
  readonly timeoutSeconds: number;
}

const maximumRedirects = 5;
const redirectStatuses = [301, 302, 303, 307, 308];

/** Headers meant for the first host that may be forwarded to another host. */
const headersForAnyHost = ['accept', 'accept-language', 'content-type'];

/** Another attempt may succeed. `EX_TEMPFAIL` would be 75, which says that the request is at fault. */
const transientExitCode = 1;
const refusedExitCode = 65;

/** A request to send, and to send again when it is redirected. */
interface Outgoing {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | { readonly path: string };
}

/**
 * Fetches inputs given by reference (OGC 05-007r7, clause 10.2.1) over HTTP and HTTPS, within limits of size
 * and time. Hosts must be allowed and have public addresses. Each redirect is checked like the reference
 * itself.
 *
 * @param network replaced by tests only
 */
export function referenceFetcher(
  limits: ReferenceLimits,
  network: ReferenceNetwork = publicNetwork,
): FetchReference {
  return async (reference, input, signal) => {
    const inTime = AbortSignal.timeout(limits.timeoutSeconds * 1000);
    const untilThen = AbortSignal.any([signal, inTime]);
    const agent = new Agent({ connect: checkedConnector(network, untilThen) });
    const download = (outgoing: Outgoing, path: string, maximumBytes: number) =>
      downloadTo(path, outgoing, {
        agent,
        hosts: limits.hosts,
        maximumBytes: Math.min(maximumBytes, limits.maximumBytes),
        signal: untilThen,
      });
    const bodyPath = `${input.path}.body`;
    try {
      if (reference.bodyReference !== undefined) {
        const outgoing = { url: reference.bodyReference, method: 'GET', headers: {} } as const;
        await download(outgoing, bodyPath, limits.maximumBytes);
      }
      await download(outgoingOf(reference, bodyPath), input.path, input.maximumBytes);
    } catch (error) {
      await rm(input.path, { force: true });
      signal.throwIfAborted();
      throw faultOf(error, input.identifier, inTime.aborted ? limits.timeoutSeconds : undefined);
    } finally {
      await rm(bodyPath, { force: true });
      await agent.destroy();
    }
  };
}

function outgoingOf(reference: Reference, bodyPath: string): Outgoing {
  const { href, method, body, bodyReference } = reference;
  const headers: Record<string, string> = {};
  for (const { key, value } of reference.headers) {
    const refusal = refusedHeader(key, value);
    if (refusal) throw new ReferenceFault(refusal);
    headers[key.toLowerCase()] = value;
  }
  if (bodyReference !== undefined) return { url: href, method, headers, body: { path: bodyPath } };
  if (!body) return { url: href, method, headers };
  return {
    url: href,
    method,
    headers: { 'content-type': `${body.mimeType}; charset=utf-8`, ...headers },
    body: body.text,
  };
}

interface Download {
  readonly agent: Agent;
  readonly hosts: readonly string[];
  readonly maximumBytes: number;
  readonly signal: AbortSignal;
}

async function downloadTo(path: string, first: Outgoing, how: Download): Promise<void> {
  let outgoing = first;
  for (let redirects = 0; redirects <= maximumRedirects; redirects++) {
    const refusal = refusedHost(outgoing.url, how.hosts);
    if (refusal) throw new ReferenceFault(refusal);
    const response = await send(outgoing, how);
    const location = response.headers['location'];
    if (!redirectStatuses.includes(response.statusCode) || typeof location !== 'string') {
      await store(response, outgoing.url, path, how);
      return;
    }
    response.body.on('error', () => undefined).destroy();
    outgoing = redirected(outgoing, response.statusCode, location);
  }
  throw new ReferenceFault(`it is redirected more than ${maximumRedirects} times.`);
}

async function send(
  { url, method, headers, body }: Outgoing,
  { agent, signal }: Download,
): Promise<Dispatcher.ResponseData> {
  const content =
    typeof body === 'object'
      ? { body: createReadStream(body.path), length: (await stat(body.path)).size }
      : { body: body ?? null };
  return await request(url, {
    dispatcher: agent,
    method,
    headers: {
      'accept-encoding': 'identity',
      ...headers,
      ...('length' in content ? { 'content-length': String(content.length) } : {}),
    },
    body: content.body,
    signal,
  });
}

/** Redirects as browsers do (Fetch Standard, "HTTP-redirect fetch"), but never from HTTPS to HTTP. */
function redirected(outgoing: Outgoing, status: number, location: string): Outgoing {
  if (!URL.canParse(location, outgoing.url)) {
    throw new ReferenceFault('it is redirected to something that is not a URL.');
  }
  const from = new URL(outgoing.url);
  const to = new URL(location, from);
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new ReferenceFault('it is redirected from HTTPS to HTTP.');
  }
  const losesBody = status === 303 || (status < 303 && outgoing.method === 'POST');
  const headers = Object.entries(outgoing.headers).filter(
    ([name]) =>
      (to.origin === from.origin || headersForAnyHost.includes(name)) &&
      !(losesBody && name === 'content-type'),
  );
  return {
    url: to.href,
    method: losesBody ? 'GET' : outgoing.method,
    headers: Object.fromEntries(headers),
    ...(losesBody || outgoing.body === undefined ? {} : { body: outgoing.body }),
  };
}

async function store(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: string,
  path: string,
  { maximumBytes }: Download,
): Promise<void> {
  const { hostname } = new URL(url);
  // A status below 200 is not a final response.
  if (statusCode > 299) {
    body.on('error', () => undefined).destroy();
    const isTransient = statusCode >= 500 || statusCode === 429 || statusCode === 408;
    throw new ReferenceFault(`host "${hostname}" answers with status ${statusCode}.`, {
      isTransient,
    });
  }
  const decoded = decoders(headers['content-encoding']);
  // The signal of the request ends its body, too.
  await writeStream([body, ...decoded, upTo(maximumBytes)], path);
}

/** For hosts that compress although they were asked not to. */
function decoders(encoding: string | string[] | undefined): Transform[] {
  switch (String(encoding ?? 'identity').toLowerCase()) {
    case 'identity':
      return [];
    case 'gzip':
    case 'x-gzip':
      return [createGunzip()];
    case 'deflate':
      return [createInflate()];
    case 'br':
      return [createBrotliDecompress()];
    default:
      throw new ReferenceFault(`its content encoding is "${encoding}", which is not known here.`);
  }
}

function upTo(maximumBytes: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback) {
      size += chunk.length;
      if (size <= maximumBytes) done(null, chunk);
      else {
        const why = `it is larger than ${maximumBytes} bytes.`;
        done(new ReferenceFault(why, { kind: 'too-large' }));
      }
    },
  });
}

/** Codes of Node.js errors that another attempt will not resolve, in words for the client. */
const lasting: readonly (readonly [RegExp, string])[] = [
  [/^ENOTFOUND$/, 'its host has no address.'],
  [
    /^(CERT_|ERR_TLS_CERT|ERR_SSL|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/,
    'its host has no certificate that is trusted.',
  ],
  [/^Z_/, 'its content is not encoded as its host says.'],
];

function faultOf(cause: unknown, identifier: string, timeout: number | undefined): JobFault {
  const { message, kind, isTransient } = referenceFaultOf(cause, timeout);
  return new JobFault(`Input "${identifier}" cannot be fetched: ${message}`, {
    exitCode: isTransient ? transientExitCode : refusedExitCode,
    kind,
    subject: identifier,
    cause,
  });
}

function referenceFaultOf(error: unknown, timeout: number | undefined): ReferenceFault {
  if (error instanceof ReferenceFault) return error;
  if (timeout !== undefined) {
    return new ReferenceFault(`it takes longer than ${timeout} s.`, { isTransient: true });
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why = lasting.find(([pattern]) => pattern.test(String(code)))?.[1];
  return why
    ? new ReferenceFault(why)
    : new ReferenceFault('its host does not answer as it should.', { isTransient: true });
}
