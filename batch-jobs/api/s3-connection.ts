import type { S3Client } from './s3-client.ts';

export interface S3ConnectionSettings {
  /** If left out, the SDK chooses it: `AWS_REGION`, then the profile's region. */
  readonly region?: string;
  /** How long a connection may be silent before the call is retried. */
  readonly silenceMilliseconds: number;
  /** Whether to send unsigned requests, for buckets that anyone may read. */
  readonly isPublic?: boolean;
  /** Whether buckets may be in another region. */
  readonly anyRegion?: boolean;
}

/** Sends requests unsigned. The empty credentials keep the SDK from looking for any. */
const unsigned = {
  signer: { sign: async <T>(request: T): Promise<T> => request },
  credentials: { accessKeyId: '', secretAccessKey: '' },
};

/**
 * Creates one client on first use and returns the same client from then on.
 *
 * The SDK's adaptive mode retries throttling and server faults, and also slows the caller down
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
 */
export function s3Connection(settings: S3ConnectionSettings): () => Promise<S3Client> {
  let client: Promise<S3Client> | undefined;
  return () => {
    client ??= connect(settings);
    return client;
  };
}

async function connect(settings: S3ConnectionSettings): Promise<S3Client> {
  const { region, silenceMilliseconds, isPublic = false, anyRegion = false } = settings;
  const { S3Client } = await import('./s3-client.ts');
  return new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(isPublic ? unsigned : {}),
    followRegionRedirects: anyRegion,
    retryMode: 'adaptive',
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 2_000, socketTimeout: silenceMilliseconds },
  });
}
