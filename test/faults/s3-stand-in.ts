import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One call of S3, as the stand-in reports it: `put jobs/.../job.json`. */
export interface S3Call {
  readonly kind:
    | 'get'
    | 'head'
    | 'put'
    | 'delete'
    | 'list'
    | 'begin'
    | 'part'
    | 'complete'
    | 'abort';
  readonly key: string;
  /** Access key id that signed it. */
  readonly accessKeyId: string;
}

/**
 * The part of S3 that the service uses, with a hook before each answer. Tests can stop and kill real
 * processes with the real SDK between two calls, and refuse their calls as S3 does. It has one bucket of any
 * name.
 */
export class S3StandIn {
  readonly objects = new Map<string, Buffer>();
  /** Parts of uploads that were begun but neither completed nor aborted, by upload and number. */
  readonly uploads = new Map<string, Map<number, Buffer>>();
  readonly calls: S3Call[] = [];
  /** Awaited before a call takes effect. Returns the code of an error to answer with, if any. */
  beforeCall: (call: S3Call) => Promise<string | undefined> = async () => undefined;
  /** Awaited after a call took effect and before it is answered. */
  beforeAnswer: (call: S3Call) => Promise<void> = async () => undefined;
  /** How far its clock is ahead, in milliseconds. The clock decides when signed links expire. */
  clock = 0;
  readonly #server = createServer((incoming, outgoing) => {
    this.#answer(incoming, outgoing).catch((error) => outgoing.destroy(error));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  text(key: string): string | undefined {
    return this.objects.get(key)?.toString();
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(incoming.url ?? '/', 'http://s3');
    // The first segment of the path names the bucket.
    const key = decodeURIComponent(pathname).split('/').slice(2).join('/');
    const { authorization = '' } = incoming.headers;
    const accessKeyId = /Credential=([^/]+)/.exec(authorization)?.[1] ?? '';
    const call: S3Call = { kind: kindOf(incoming.method ?? '', query), key, accessKeyId };
    const body = await buffer(incoming);
    this.calls.push(call);
    const refusal =
      (await this.beforeCall(call)) ??
      (this.#isOver(query) ? 'AccessDenied' : this.#refusalOf(call, incoming));
    const answer = refusal === undefined ? this.#take(call, query, body) : undefined;
    await this.beforeAnswer(call);
    if (refusal !== undefined) {
      outgoing.writeHead(statuses[refusal] ?? 403, { 'content-type': 'application/xml' });
      outgoing.end(`<Error><Code>${refusal}</Code><Message>refused</Message></Error>`);
      return;
    }
    const found = this.objects.get(key);
    if (found) outgoing.setHeader('etag', etagOf(found));
    if (call.kind === 'part') outgoing.setHeader('etag', etagOf(body));
    if (call.kind === 'get' || call.kind === 'head') {
      outgoing.setHeader('content-length', found?.length ?? 0);
      outgoing.end(call.kind === 'get' ? found : undefined);
    } else outgoing.end(answer);
  }

  /** Source: Amazon S3 API reference, "Authenticating requests: using query parameters". */
  #isOver(query: URLSearchParams): boolean {
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '') ?? [];
    if (year === undefined) return false;
    const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    const lifetime = Number(query.get('X-Amz-Expires')) * 1000;
    return Date.now() + this.clock > signedAt + lifetime;
  }

  #refusalOf({ kind, key }: S3Call, { headers }: IncomingMessage): string | undefined {
    const found = this.objects.get(key);
    if ((kind === 'get' || kind === 'head') && !found) return 'NoSuchKey';
    if (kind !== 'put') return undefined;
    if (headers['if-none-match'] === '*' && found) return 'PreconditionFailed';
    const { 'if-match': etag } = headers;
    if (etag === undefined) return undefined;
    if (!found) return 'NoSuchKey';
    return etag === etagOf(found) ? undefined : 'PreconditionFailed';
  }

  #take({ kind, key }: S3Call, query: URLSearchParams, body: Buffer): string | undefined {
    const id = query.get('uploadId') ?? '';
    switch (kind) {
      case 'put':
        this.objects.set(key, body);
        return undefined;
      case 'delete':
        this.objects.delete(key);
        return undefined;
      case 'begin': {
        const uploadId = `u-${this.calls.length}`;
        this.uploads.set(uploadId, new Map());
        return `<InitiateMultipartUploadResult><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`;
      }
      case 'part':
        this.uploads.get(id)?.set(Number(query.get('partNumber')), body);
        return undefined;
      case 'complete': {
        const parts = [...(this.uploads.get(id) ?? [])].sort(([a], [b]) => a - b);
        this.objects.set(key, Buffer.concat(parts.map(([, content]) => content)));
        this.uploads.delete(id);
        return '<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>';
      }
      case 'abort':
        this.uploads.delete(id);
        return undefined;
      case 'list': {
        const prefix = query.get('prefix') ?? '';
        const keys = [...this.objects.keys()].filter((found) => found.startsWith(prefix)).sort();
        const contents = keys.map((found) => `<Contents><Key>${found}</Key></Contents>`);
        return `<ListBucketResult>${contents.join('')}</ListBucketResult>`;
      }
      default:
        return undefined;
    }
  }
}

const statuses: Readonly<Record<string, number>> = { NoSuchKey: 404, PreconditionFailed: 412 };

function kindOf(method: string, query: URLSearchParams): S3Call['kind'] {
  switch (method) {
    case 'POST':
      return query.has('uploads') ? 'begin' : 'complete';
    case 'DELETE':
      return query.has('uploadId') ? 'abort' : 'delete';
    case 'PUT':
      return query.has('partNumber') ? 'part' : 'put';
    case 'HEAD':
      return 'head';
    default:
      return query.get('list-type') === '2' ? 'list' : 'get';
  }
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
