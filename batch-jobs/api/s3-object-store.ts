import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { loadOnce } from './load-once.ts';
import {
  type ByteRange,
  type LinkOptions,
  type ObjectStore,
  type OpenedObject,
  PreconditionFailed,
  type PutOptions,
  type StoredObject,
} from './object-store.ts';
import { attemptsOf, isStatus } from './s3-answer.ts';
import type { S3Client } from './s3-client.ts';

export interface S3ObjectStoreSettings {
  readonly bucket: string;
  /** Common start of all keys: empty, or ending in `/`. */
  readonly prefix: string;
  /** Key with which objects are encrypted; if left out, S3's own key (SSE-S3). */
  readonly kmsKeyId?: string;
  /** The only client of this execution environment, created on first use. */
  readonly client: () => Promise<S3Client>;
  /** When aborted, ends every call and its retries. */
  readonly signal?: AbortSignal;
}

/** Size of a part of an upload. An upload has at most 10,000 parts, which limits an object to 312 GiB. */
const partBytes = 32 * 1024 * 1024;
/** Parts uploaded at the same time; together with their size, this determines the memory an upload uses. */
const partsAtOnce = 3;

/** Rounds of a conditional put that S3 could not decide because of another write. */
const conflictRounds = 8;

/** Metadata that identifies the write that created an object. */
const writeMark = 'write';

const loadS3Upload = loadOnce(() => import('./s3-upload.ts'));
const loadS3Link = loadOnce(() => import('./s3-link.ts'));
const loadS3Client = loadOnce(() => import('./s3-client.ts'));

/**
 * Stores objects in an S3 bucket, below a prefix.
 *
 * Every object is encrypted at rest and has a checksum, which S3 verifies on upload and the SDK on download.
 * The role needs s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload, and s3:ListBucket,
 * without which S3 responds with 403 for an absent object.
 */
export class S3ObjectStore implements ObjectStore {
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #encryption: {
    ServerSideEncryption: 'AES256' | 'aws:kms';
    SSEKMSKeyId?: string;
    BucketKeyEnabled?: boolean;
  };
  readonly #client: () => Promise<S3Client>;
  readonly #options: { readonly abortSignal?: AbortSignal };

  constructor({ bucket, prefix, kmsKeyId, client, signal }: S3ObjectStoreSettings) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#encryption = kmsKeyId
      ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId, BucketKeyEnabled: true }
      : { ServerSideEncryption: 'AES256' };
    this.#client = client;
    this.#options = signal ? { abortSignal: signal } : {};
    // Each call adds a few listeners until it ends. Without this, Node.js takes parallel calls for a leak and warns.
    if (signal) setMaxListeners(0, signal);
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const found = await this.#fetch(key);
    if (!found?.Body || !found.ETag) return undefined;
    return { body: await found.Body.transformToByteArray(), etag: found.ETag };
  }

  async put(
    key: string,
    body: string | Uint8Array,
    { contentType, condition }: PutOptions,
  ): Promise<{ etag: string }> {
    const [client, { PutObjectCommand }] = await this.#sdk();
    const mark = randomUUID();
    const command = new PutObjectCommand({
      ...this.#object(key),
      ...this.#encryption,
      Body: body,
      // The SDK treats an empty body as a stream, and warns.
      ContentLength: Buffer.byteLength(body),
      ContentType: contentType,
      ChecksumAlgorithm: 'CRC32',
      ...(condition === 'absent' && { IfNoneMatch: '*' }),
      ...(typeof condition === 'object' && { IfMatch: condition.etag }),
      ...(condition && { Metadata: { [writeMark]: mark } }),
    });
    for (let round = 1; ; round++) {
      try {
        const { ETag } = await client.send(command, this.#options);
        if (!ETag) throw new Error(`S3 answered a put of ${key} without an ETag`);
        return { etag: ETag };
      } catch (error) {
        if (!condition) throw error;
        if (isStatus(error, 412) || isStatus(error, 404)) {
          const own = await this.#ownWrite(key, mark, error);
          if (own) return own;
          throw new PreconditionFailed(key);
        }
        // Another write was in progress, and S3 asks the caller to retry.
        if (!isStatus(error, 409)) throw error;
        if (round === conflictRounds) throw new PreconditionFailed(key);
        await wait(Math.random() * 10 * 2 ** round);
      }
    }
  }

  async upload(
    key: string,
    stream: Readable,
    { contentType }: { contentType: string },
  ): Promise<void> {
    try {
      const [client, { Upload }] = await Promise.all([this.#client(), loadS3Upload()]);
      const upload = new Upload({
        client,
        params: {
          ...this.#object(key),
          ...this.#encryption,
          Body: stream,
          ContentType: contentType,
          ChecksumAlgorithm: 'CRC32',
        },
        partSize: partBytes,
        queueSize: partsAtOnce,
        leavePartsOnError: false,
      });
      await upload.done();
    } finally {
      stream.destroy();
    }
  }

  async open(key: string, range?: ByteRange): Promise<OpenedObject | undefined> {
    const found = await this.#fetch(key, range && `bytes=${range.start}-${range.end}`);
    if (!found?.Body) return undefined;
    if (!(found.Body instanceof Readable) || found.ContentLength === undefined) {
      throw new Error(`S3 answered a get of ${key} without a stream of known length`);
    }
    return { stream: found.Body, size: found.ContentLength };
  }

  async link(key: string, { filename, contentType, seconds }: LinkOptions): Promise<string> {
    const [[client, { GetObjectCommand }], { contentDisposition, getSignedUrl }] =
      await Promise.all([this.#sdk(), loadS3Link()]);
    const command = new GetObjectCommand({
      ...this.#object(key),
      ResponseContentDisposition: contentDisposition(filename),
      ResponseContentType: contentType,
    });
    return getSignedUrl(client, command, { expiresIn: seconds });
  }

  async *list(prefix: string, after?: string): AsyncIterable<string> {
    const [client, { ListObjectsV2Command }] = await this.#sdk();
    let next: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: `${this.#prefix}${prefix}`,
          ContinuationToken: next,
          // S3 accepts it with the first page only.
          ...(after !== undefined && next === undefined
            ? { StartAfter: `${this.#prefix}${after}` }
            : {}),
        }),
        this.#options,
      );
      // Stryker disable next-line ConditionalExpression: every object has a key, whatever its type in the SDK
      for (const { Key } of page.Contents ?? []) if (Key) yield Key.slice(this.#prefix.length);
      next = page.NextContinuationToken;
    } while (next);
  }

  async delete(key: string): Promise<void> {
    const [client, { DeleteObjectCommand }] = await this.#sdk();
    await client.send(new DeleteObjectCommand(this.#object(key)), this.#options);
  }

  /**
   * If the response to a put is lost, the SDK sends the put again, which then fails because of the first one.
   * The mark shows that this write itself created the object.
   */
  async #ownWrite(
    key: string,
    mark: string,
    error: unknown,
  ): Promise<{ etag: string } | undefined> {
    if (attemptsOf(error) < 2) return undefined;
    const [client, { HeadObjectCommand }] = await this.#sdk();
    const found = await client
      .send(new HeadObjectCommand(this.#object(key)), this.#options)
      .catch(undefinedWhenAbsent);
    return found?.ETag && found.Metadata?.[writeMark] === mark ? { etag: found.ETag } : undefined;
  }

  async #fetch(key: string, range?: string) {
    const [client, { GetObjectCommand }] = await this.#sdk();
    const command = new GetObjectCommand({ ...this.#object(key), Range: range });
    return client.send(command, this.#options).catch(undefinedWhenAbsent);
  }

  #sdk() {
    return Promise.all([this.#client(), loadS3Client()]);
  }

  #object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${key}` };
  }
}

function undefinedWhenAbsent(error: unknown): undefined {
  if (error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name)) return undefined;
  throw error;
}
