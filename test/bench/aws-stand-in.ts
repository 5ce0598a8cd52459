import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AwsStandIn {
  readonly endpoint: string;
  stop(): void;
}

/**
 * A minimal S3 and Batch that answers at once, so that a measured start does not include an emulator. It
 * stores what is put, lists nothing, and accepts every job.
 */
export async function startAwsStandIn(
  files: Readonly<Record<string, string>>,
): Promise<AwsStandIn> {
  const objects = new Map<string, Buffer>(
    Object.entries(files).map(([key, text]) => [key, Buffer.from(text)]),
  );
  const server = createServer((incoming, outgoing) => {
    const path = decodeURIComponent(new URL(incoming.url ?? '/', 'http://aws').pathname);
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (path === '/v1/submitjob') {
        outgoing.setHeader('content-type', 'application/json');
        outgoing.end(JSON.stringify({ jobId: `b-${objects.size}`, jobName: 'x' }));
        return;
      }
      if (incoming.url?.includes('list-type=2')) {
        outgoing.setHeader('content-type', 'application/xml');
        outgoing.end('<ListBucketResult/>');
        return;
      }
      if (incoming.method === 'PUT') objects.set(path, Buffer.concat(chunks));
      const found = objects.get(path);
      if (!found) {
        outgoing.writeHead(404, { 'content-type': 'application/xml' });
        outgoing.end('<Error><Code>NoSuchKey</Code><Message>none</Message></Error>');
        return;
      }
      outgoing.setHeader('etag', `"${found.length}"`);
      outgoing.end(incoming.method === 'GET' ? found : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
