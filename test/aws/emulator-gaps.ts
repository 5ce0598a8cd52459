import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stands before the emulator and answers the few calls that it lacks. */
export interface EmulatorGaps {
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: object;
}

/** Answers a call, or leaves it to the emulator. */
type Gap = (request: IncomingMessage, body: string) => Answer | undefined;

interface BudgetRequest {
  readonly Budget?: { readonly BudgetName: string };
  readonly BudgetName?: string;
  readonly ResourceARN?: string;
  readonly ResourceTags?: readonly unknown[];
  readonly Notification?: { readonly NotificationType: string };
  readonly Subscribers?: readonly unknown[];
}

/** AWS Budgets: who is told, and tags. Both are remembered from the calls that set them. */
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

/** EFS: taking the policy of a file system away. */
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

export async function startEmulatorGaps(emulator: string): Promise<EmulatorGaps> {
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
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers;
    const passed = await fetch(new URL(incoming.url ?? '/', emulator), {
      method: incoming.method ?? 'GET',
      headers: Object.entries(headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
      ...(body ? { body } : {}),
    });
    outgoing.writeHead(passed.status, {
      'content-type': passed.headers.get('content-type') ?? 'application/json',
    });
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
