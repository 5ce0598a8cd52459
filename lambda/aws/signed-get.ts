import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { isIPv4 } from 'node:net';
import { text } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';

/** Variables of the process. */
export type AwsVariables = Readonly<Record<string, string | undefined>>;

export interface SignedAnswer {
  /** Of HTTP. */
  readonly status: number;
  readonly etag?: string;
  readonly text: string;
}

/**
 * Gets one object.
 *
 * @param known ETag of the caller's copy; the status is 304 if the object has not changed
 * @throws if S3 does not answer within {@link patienceMilliseconds}
 */
export type SignedGet = (key: string, known?: string) => Promise<SignedAnswer>;

const patienceMilliseconds = 1_500;

/** Variables by which the SDK would find another endpoint or other credentials. */
const otherWays = [
  'AWS_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
];

/**
 * Gets objects of a bucket by one signed request each, without the SDK's client, which takes a third of a start
 * (`docs/decisions/024-the-configuration-is-read-without-the-sdk.md`). It tries once, follows no redirects and
 * interprets no errors: the SDK handles every other case.
 *
 * @returns undefined unless endpoint and credentials are plain: a bucket without dots in a region of the
 *   partition `aws`, or an endpoint by its IP address, with credentials in the variables, as Lambda sets them
 */
export function signedGet(bucket: string, variables: AwsVariables): SignedGet | undefined {
  const {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = variables;
  if (!region || !accessKeyId || !secretAccessKey) return undefined;
  if (otherWays.some((name) => variables[name])) return undefined;
  const base = bucketUrl(bucket, region, variables);
  if (!base) return undefined;
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    sha256: Sha256,
    // Unlike other services, S3 signs the path as it is sent, without encoding it again.
    uriEscapePath: false,
  });
  const { protocol, host, hostname, port, pathname } = base;
  const { request, Agent } = protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  return async (key, known) => {
    const path = pathname + key.split('/').map(encoded).join('/');
    const { headers } = await signer.sign({
      method: 'GET',
      protocol,
      hostname,
      path,
      headers: { host, ...(known === undefined ? {} : { 'if-none-match': known }) },
    });
    const signal = AbortSignal.timeout(patienceMilliseconds);
    return await new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, headers, agent, signal }, (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        const etag = answered.etag === undefined ? {} : { etag: answered.etag };
        text(response).then((body) => resolve({ status, text: body, ...etag }), reject);
      });
      sent.on('error', reject).end();
    });
  };
}

/**
 * Source: Amazon S3 User Guide, "Virtual hosting of buckets"; AWS SDKs and Tools Reference Guide, "Service-specific
 * endpoints" (precedence of the two variables).
 */
function bucketUrl(bucket: string, region: string, variables: AwsVariables): URL | undefined {
  if (!/^[a-z0-9][a-z0-9-]+$/.test(bucket)) return undefined;
  const endpoint = variables['AWS_ENDPOINT_URL_S3'] ?? variables['AWS_ENDPOINT_URL'];
  if (endpoint === undefined) {
    return /^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d+$/.test(region)
      ? new URL(`https://${bucket}.s3.${region}.amazonaws.com/`)
      : undefined;
  }
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = url && isIPv4(url.hostname) && url.pathname === '/';
  return isPlain ? new URL(`${bucket}/`, url) : undefined;
}

/** As S3 encodes names for its signature (RFC 3986, clause 2.3). */
function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** Node.js's SHA-256 with the interface that the signer expects; with a secret, HMAC-SHA-256. */
class Sha256 {
  readonly #hash;

  constructor(secret?: Bytes) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: Bytes): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): never {
    throw new Error('the signer makes a hash for each use');
  }
}

function bytesOf(data: Bytes): string | Uint8Array {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
