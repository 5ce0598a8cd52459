import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';

/** S3 on this machine, with one bucket of any name. */
export interface S3StandIn {
  /** A client of the SDK that uses it. */
  client(): S3Client;
  /** Queues faults. Each of the next requests receives one of them instead of an answer. */
  next(...faults: readonly S3Fault[]): void;
  /** Faults that requests for a key receive until the key is removed from the map. */
  readonly refused: Map<string, S3Fault>;
  /** All requests so far, as `PUT jobs/a?partNumber=1`. */
  readonly requests: readonly string[];
  /** The header `Authorization` of each request; undefined for an unsigned one. */
  readonly authorizations: readonly (string | undefined)[];
  /** The KMS key that each request names; undefined for one that names no key. */
  readonly encryptionKeys: readonly (string | undefined)[];
  /** The address it listens on, as used in `AWS_ENDPOINT_URL_S3`. */
  readonly endpoint: string;
  stop(): void;
}

/** An error document, or a request that is carried out but whose answer is lost. */
export type S3Fault = { readonly status: number; readonly code: string } | 'lost answer';

interface Kept {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Keys per page of a listing. */
export const keysPerPage = 50;

/**
 * The part of S3 that the store of jobs uses, over HTTP, for the real SDK: objects with their metadata,
 * ranges, paged listings, multipart uploads, and conditions. It decides conditions one request at a time, as
 * S3 does and the AWS emulator does not.
 */
export async function startS3StandIn(): Promise<S3StandIn> {
  const objects = new Map<string, Kept>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const faults: S3Fault[] = [];
  const refused = new Map<string, S3Fault>();
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const encryptionKeys: (string | undefined)[] = [];

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://s3');
    const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/');
    const body = await buffer(incoming);
    requests.push(`${incoming.method} ${key}${url.search}`);
    authorizations.push(incoming.headers.authorization);
    const encryptionKey = incoming.headers['x-amz-server-side-encryption-aws-kms-key-id'];
    encryptionKeys.push(encryptionKey === undefined ? undefined : String(encryptionKey));
    const fault = refused.get(key) ?? faults.shift();
    if (fault === 'lost answer') {
      outgoing.write = () => true;
      outgoing.end = () => outgoing.destroy() as ServerResponse;
    } else if (fault) {
      refuse(outgoing, fault.status, fault.code);
      return;
    }
    const { searchParams: query } = url;
    if (key === '') list(objects, query, outgoing);
    else if (query.has('uploads') || query.has('uploadId')) {
      upload(uploads, objects, key, query, incoming, body, outgoing);
    } else if (incoming.method === 'PUT') put(objects, key, incoming, body, outgoing);
    else if (incoming.method === 'DELETE') {
      objects.delete(key);
      outgoing.writeHead(204).end();
    } else get(objects.get(key), query, incoming, outgoing);
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const clients: S3Client[] = [];
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    client: () => {
      const client = new S3Client({
        endpoint,
        forcePathStyle: true,
        region: 'ap-southeast-2',
        maxAttempts: 3,
        credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      });
      clients.push(client);
      return client;
    },
    next: (...more) => faults.push(...more),
    refused,
    requests,
    authorizations,
    encryptionKeys,
    endpoint,
    stop: () => {
      for (const client of clients) client.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

function refuse(outgoing: ServerResponse, status: number, code: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/xml' });
  outgoing.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function put(
  objects: Map<string, Kept>,
  key: string,
  { headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): void {
  const found = objects.get(key);
  if (headers['if-none-match'] === '*' && found) {
    refuse(outgoing, 412, 'PreconditionFailed');
    return;
  }
  if (headers['if-match'] !== undefined) {
    if (!found) {
      refuse(outgoing, 404, 'NoSuchKey');
      return;
    }
    if (headers['if-match'] !== etagOf(found.body)) {
      refuse(outgoing, 412, 'PreconditionFailed');
      return;
    }
  }
  objects.set(key, { body, headers: keptHeaders(headers) });
  outgoing.writeHead(200, { etag: etagOf(body) }).end();
}

function keptHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  const names = Object.keys(headers).filter((name) => /^(content-type|x-amz-meta-.*)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

function get(
  found: Kept | undefined,
  query: URLSearchParams,
  { method, headers }: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (!found) {
    if (method === 'HEAD') outgoing.writeHead(404).end();
    else refuse(outgoing, 404, 'NoSuchKey');
    return;
  }
  const [, from, to] = /^bytes=(\d*)-(\d+)$/.exec(headers.range ?? '') ?? [];
  const body =
    from === undefined
      ? found.body
      : from === ''
        ? found.body.subarray(-Number(to))
        : found.body.subarray(Number(from), Number(to) + 1);
  const disposition = query.get('response-content-disposition');
  const type = query.get('response-content-type');
  outgoing.writeHead(from === undefined ? 200 : 206, {
    ...found.headers,
    ...(disposition && { 'content-disposition': disposition }),
    ...(type && { 'content-type': type }),
    etag: etagOf(found.body),
    'content-length': body.length,
  });
  outgoing.end(method === 'HEAD' ? undefined : body);
}

function list(objects: Map<string, Kept>, query: URLSearchParams, outgoing: ServerResponse): void {
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? undefined;
  // With a delimiter, a folder represents all keys in it.
  const entryOf = (key: string) => {
    const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    return end === -1 ? key : key.slice(0, end + 1);
  };
  const entries = [...objects.keys()].filter((key) => key.startsWith(prefix)).map(entryOf);
  const keys = [...new Set(entries)].filter((key) => key > after).sort();
  const page = keys.slice(0, keysPerPage);
  const isLast = page.length === keys.length;
  const isFolder = (key: string) => delimiter !== undefined && key.endsWith(delimiter);
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  outgoing.writeHead(200, { 'content-type': 'application/xml' });
  outgoing.end(
    `<ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${page
      .map((key) =>
        isFolder(key)
          ? `<CommonPrefixes><Prefix>${escaped(key)}</Prefix></CommonPrefixes>`
          : `<Contents><Key>${escaped(key)}</Key></Contents>`,
      )
      .join('')}${
      isLast ? '' : `<NextContinuationToken>${escaped(page.at(-1) ?? '')}</NextContinuationToken>`
    }</ListBucketResult>`,
  );
}

function upload(
  uploads: Map<string, Map<number, Buffer>>,
  objects: Map<string, Kept>,
  key: string,
  query: URLSearchParams,
  { method, headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): void {
  if (query.has('uploads')) {
    const id = randomUUID();
    uploads.set(id, new Map());
    outgoing.end(
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
    return;
  }
  const id = query.get('uploadId') ?? '';
  const parts = uploads.get(id);
  if (!parts) {
    refuse(outgoing, 404, 'NoSuchUpload');
    return;
  }
  if (method === 'PUT') {
    parts.set(Number(query.get('partNumber')), body);
    outgoing.writeHead(200, { etag: etagOf(body) }).end();
    return;
  }
  uploads.delete(id);
  if (method === 'DELETE') {
    outgoing.writeHead(204).end();
    return;
  }
  const whole = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
  objects.set(key, { body: whole, headers: keptHeaders(headers) });
  outgoing.end(
    `<CompleteMultipartUploadResult><ETag>${etagOf(whole)}</ETag></CompleteMultipartUploadResult>`,
  );
}
