import { create as contentDisposition } from 'content-disposition';
import type { PublishedOutput } from '../batch-jobs/api/job.ts';
import type { ByteRange } from '../batch-jobs/api/object-store.ts';
import type { ServiceRequest, ServiceResponse } from './http.ts';
import type { OpenedOutput } from './operations/open-output.ts';

/**
 * The response for an output, the same in every protocol: a redirect to a link that is valid for a while, the
 * content, or the range of the content that the request asks for.
 *
 * @param request conditions and ranges apply to GET, HEAD is answered from the record; if left out, the whole
 *   output is sent
 * @param open not called if no content is sent
 *
 * Source: RFC 9110, clauses 13.1 (conditions) and 14 (ranges); RFC 6266 (`filename*`).
 */
export async function outputResponse(
  request: Pick<ServiceRequest, 'method' | 'headers'> | undefined,
  output: PublishedOutput,
  open: (range?: ByteRange) => Promise<OpenedOutput>,
): Promise<ServiceResponse> {
  const headers = outputHeaders(output);
  const { etag } = headers;
  const whole = { status: 200, headers: { ...headers, 'content-length': String(output.size) } };
  if (request?.method === 'HEAD') return { ...whole, body: '' };
  if (request?.method !== 'GET') return sent(whole, await open());
  if (isAmong(request.headers['if-none-match'], etag)) {
    return { status: 304, headers: { etag }, body: '' };
  }
  const range = rangeOf(request, output.size, etag);
  if (range === 'all') return sent(whole, await open());
  if (range === 'none') {
    return {
      status: 416,
      headers: { 'content-type': 'text/plain', 'content-range': `bytes */${output.size}` },
      body: `The range of header Range is past the end; the output has ${output.size} bytes.\n`,
    };
  }
  const { start, end } = range;
  const part = {
    'content-length': String(end - start + 1),
    'content-range': `bytes ${start}-${end}/${output.size}`,
  };
  return sent({ status: 206, headers: { ...headers, ...part } }, await open(range));
}

/** Headers that describe an output. */
function outputHeaders({ contentType, filename, sha256 }: PublishedOutput) {
  return {
    'content-type': contentType,
    // Always quoted, even where quotes are optional: many clients expect them.
    'content-disposition': contentDisposition(filename).replace(/=([\w.-]+)$/, '="$1"'),
    'accept-ranges': 'bytes',
    // The output of an attempt never changes, but another attempt may store its output at the same URL.
    etag: `"${sha256}"`,
  };
}

function sent(
  described: Omit<ServiceResponse, 'body'>,
  { link, stream }: OpenedOutput,
): ServiceResponse {
  return stream === undefined
    ? { status: 303, headers: { location: link ?? '' }, body: '' }
    : { ...described, body: stream };
}

function isAmong(condition: string | undefined, etag: string): boolean {
  return (condition ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*');
}

/**
 * A server may ignore a range that it cannot read, and may ignore multiple ranges (RFC 9110, clauses 14.2 and
 * 15.3.7). The package range-parser refuses `-n` if n exceeds the size, although that asks for everything
 * (clause 14.1.2).
 */
function rangeOf(
  { headers }: Pick<ServiceRequest, 'headers'>,
  size: number,
  etag: string,
): ByteRange | 'all' | 'none' {
  const { range = '', 'if-range': unchanged } = headers;
  if (unchanged !== undefined && unchanged.trim() !== etag) return 'all';
  const [, first = '', last = ''] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(range) ?? [];
  if (first === '' && last === '') return 'all';
  // `-n` asks for the last n bytes (clause 14.1.2).
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return 'all';
  return start > end ? 'none' : { start, end };
}
