import type { BatchClient } from './batch-client.ts';

/**
 * Creates one client on first use and returns the same client from then on.
 *
 * The SDK retries throttling and server faults in its adaptive mode, for less time than a gateway waits for
 * the answer (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
 */
export function batchConnection(region: string): () => Promise<BatchClient> {
  let client: Promise<BatchClient> | undefined;
  return () => {
    client ??= connect(region);
    return client;
  };
}

async function connect(region: string): Promise<BatchClient> {
  const { BatchClient } = await import('./batch-client.ts');
  return new BatchClient({
    region,
    retryMode: 'adaptive',
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 5_000,
      throwOnRequestTimeout: true,
    },
  });
}
