import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../batch-jobs/api/log.ts';
import type { ServiceRequest, ServiceResponse } from './service-parts.ts';

/** The bytes of a request beyond which it is not read on. */
class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * Node's HTTP server in front of the service.
 *
 * @param maximumBytes of a request body; what is longer is passed on cut one byte past it, so that
 *   the service refuses it in its own words
 */
export function httpServer(
  serve: (request: ServiceRequest) => Promise<ServiceResponse>,
  maximumBytes: number,
  log: Log,
): Server {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (from, to) => {
    answer(from, to).catch((error) => {
      log.warn('connection ended early', { reason: String(error) });
      to.destroy();
    });
  });
  return server;

  async function answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const [path = '/', ...query] = (from.url ?? '/').split('?');
    const response = await serve({
      method: from.method ?? 'GET',
      path,
      query: query.join('?'),
      headers: singleHeaders(from),
      body: await readBody(from, maximumBytes),
    });
    // What was not read of a body that is too long would be taken for the next request.
    if (!from.complete) to.setHeader('connection', 'close');
    to.writeHead(response.status, response.headers);
    if (from.method === 'HEAD') to.end();
    else if (response.body instanceof Readable) await pipeline(response.body, to);
    else to.end(response.body);
  }
}

async function readBody(from: IncomingMessage, maximumBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maximumBytes) throw new BodyTooLarge();
    }
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
  }
  return Buffer.concat(chunks).subarray(0, maximumBytes + 1);
}

function singleHeaders(from: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(from.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
