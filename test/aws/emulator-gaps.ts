import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { emulatedRegion } from './emulator.ts';
import { simulatedPolicies } from './policy-simulator.ts';

/** A proxy in front of the emulator that answers the few calls that the emulator lacks. */
export interface EmulatorGaps {
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: object;
}

/** Answers a call, or returns undefined to leave it to the emulator. */
type Gap = (request: IncomingMessage, body: string) => Answer | undefined;

interface BudgetRequest {
  readonly Budget?: { readonly BudgetName: string };
  readonly BudgetName?: string;
  readonly ResourceARN?: string;
  readonly ResourceTags?: readonly unknown[];
  readonly Notification?: { readonly NotificationType: string };
  readonly Subscribers?: readonly unknown[];
}

/** AWS Budgets: the notifications and tags, remembered from the calls that set them. */
function budgets(): Gap {
  const tags = new Map<string, readonly unknown[]>();
  const subscribers = new Map<string, readonly unknown[]>();
  const notification = ({ BudgetName, Notification }: BudgetRequest) =>
    `${BudgetName}/${Notification?.NotificationType}`;
  return ({ headers }, body) => {
    const [service, operation] = String(headers['x-amz-target']).split('.');
    if (service !== 'AWSBudgetServiceGateway') return undefined;
    const request: BudgetRequest = JSON.parse(body);
    switch (operation) {
      case 'CreateBudget':
        tags.set(request.Budget?.BudgetName ?? '', request.ResourceTags ?? []);
        return undefined;
      case 'CreateNotification':
        subscribers.set(notification(request), request.Subscribers ?? []);
        return undefined;
      case 'ListTagsForResource': {
        const name = request.ResourceARN?.split('/').at(-1) ?? '';
        return { status: 200, body: { ResourceTags: tags.get(name) ?? [] } };
      }
      case 'DescribeSubscribersForNotification':
        return { status: 200, body: { Subscribers: subscribers.get(notification(request)) ?? [] } };
      default:
        return undefined;
    }
  };
}

/** EFS: deleting the policy of a file system. */
function fileSystemPolicies(): Gap {
  const deleted = new Set<string>();
  return ({ method, url = '' }) => {
    if (!/\/file-systems\/[\w-]+\/policy$/.test(url)) return undefined;
    if (method === 'PUT') deleted.delete(url);
    if (method === 'DELETE') {
      deleted.add(url);
      return { status: 200, body: {} };
    }
    return deleted.has(url) ? { status: 404, body: { ErrorCode: 'PolicyNotFound' } } : undefined;
  };
}

interface PackageInS3 {
  readonly S3Bucket?: string;
  readonly S3Key?: string;
  readonly S3ObjectVersion?: string;
}

/**
 * Lambda: creating a function from an earlier version of an object in S3. The emulator uses the newest
 * version, so this sends it the bytes of the right one.
 *
 * @returns the body to forward
 */
async function withPackage(emulator: string, url: string, body: string): Promise<string> {
  if (!/^\/2015-03-31\/functions(\/[^/]+\/code)?$/.test(url) || !body) return body;
  const request: PackageInS3 & { Code?: PackageInS3 } = JSON.parse(body);
  const { S3Bucket, S3Key, S3ObjectVersion, ...rest } = request.Code ?? request;
  if (!S3ObjectVersion) return body;
  const store = new S3Client({
    endpoint: emulator,
    region: emulatedRegion,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    forcePathStyle: true,
  });
  const { Body } = await store.send(
    new GetObjectCommand({ Bucket: S3Bucket, Key: S3Key, VersionId: S3ObjectVersion }),
  );
  const code = { ...rest, ZipFile: await Body?.transformToString('base64') };
  return JSON.stringify(request.Code ? { ...request, Code: code } : code);
}

/** Headers that belong to one connection and are not forwarded. */
const ofConnection = ['connection', 'content-encoding', 'content-length', 'transfer-encoding'];

/** @param account the account that the calls use, where it is not the emulator's own */
export async function startEmulatorGaps(emulator: string, account?: string): Promise<EmulatorGaps> {
  const gaps = [budgets(), fileSystemPolicies()];
  const server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming);
    for (const gap of gaps) {
      const answer = gap(incoming, body);
      if (!answer) continue;
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify(answer.body));
      return;
    }
    const simulated = await simulatedPolicies(emulator, body);
    if (simulated !== undefined) {
      outgoing.writeHead(200, { 'content-type': 'text/xml' });
      outgoing.end(simulated);
      return;
    }
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers;
    const passedBody = await withPackage(emulator, incoming.url ?? '', body);
    const passed = await fetch(new URL(incoming.url ?? '/', emulator), {
      method: incoming.method ?? 'GET',
      headers: [
        ...Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
        ...(account === undefined ? [] : [['x-moto-account-id', account] as [string, string]]),
      ],
      ...(passedBody ? { body: passedBody } : {}),
    });
    for (const [name, value] of passed.headers) {
      if (!ofConnection.includes(name)) outgoing.setHeader(name, value);
    }
    outgoing.writeHead(passed.status);
    outgoing.end(await passed.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
