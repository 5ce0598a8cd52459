import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A stand-in for the container engine of Batch's machines. */
export interface ContainerEngine {
  /** For {@link EmulatorOptions.containerEngine}. */
  readonly address: string;
  /** Kills the running containers. */
  stop(): Promise<void>;
}

/**
 * Stands in for running a container.
 *
 * @param variables of the container: those of the job definition, overridden by those of the submission
 * @param killed aborted when the container is killed, as by TerminateJob
 * @returns its exit code
 */
export type RunContainer = (
  variables: Readonly<Record<string, string>>,
  killed: AbortSignal,
) => Promise<number>;

interface Container {
  readonly variables: Readonly<Record<string, string>>;
  readonly killed: AbortController;
  exited?: Promise<number>;
  exitCode?: number;
}

/** The small part of Docker's HTTP API that the emulator uses to run the container of a Batch job. */
export async function startContainerEngine(run: RunContainer): Promise<ContainerEngine> {
  const containers = new Map<string, Container>();

  async function answer(incoming: IncomingMessage): Promise<[number, unknown?]> {
    const { pathname } = new URL(incoming.url ?? '/', 'http://engine');
    const [resource, id = '', action = ''] = pathname
      .replace(/^\/v[\d.]+/, '')
      .split('/')
      .slice(1);
    if (resource === 'version') return [200, { ApiVersion: '1.43', Version: '24.0.0' }];
    if (id === 'create') {
      const { Env } = (await json(incoming)) as { Env?: string[] };
      const created = randomUUID();
      const pairs = (Env ?? []).map((pair) => pair.split(/=(.*)/s).slice(0, 2));
      containers.set(created, {
        variables: Object.fromEntries(pairs),
        killed: new AbortController(),
      });
      return [201, { Id: created, Warnings: [] }];
    }
    const container = containers.get(id);
    if (!container) return [404, { message: `no such container: ${id}` }];
    switch (action || incoming.method) {
      case 'start':
        container.exited = run(container.variables, container.killed.signal).catch(() => 125);
        container.exited.then((code) => {
          container.exitCode = code;
        });
        return [204];
      case 'json': {
        const status = container.exitCode === undefined ? 'running' : 'exited';
        return [200, { Id: id, State: { Status: status }, Config: { Tty: true } }];
      }
      case 'kill':
        container.killed.abort();
        await container.exited;
        return [204];
      case 'wait':
        return [200, { StatusCode: await container.exited }];
      case 'logs':
        return [200];
      case 'DELETE':
        containers.delete(id);
        return [204];
      default:
        return [404, { message: `not served here: ${incoming.method} ${pathname}` }];
    }
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming).then(
      ([status, body]) => {
        outgoing.writeHead(status, { 'content-type': 'application/json' });
        outgoing.end(body === undefined ? undefined : JSON.stringify(body));
      },
      (error) => outgoing.writeHead(500).end(JSON.stringify({ message: String(error) })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const container of containers.values()) container.killed.abort();
      await Promise.all([...containers.values()].map(({ exited }) => exited));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
