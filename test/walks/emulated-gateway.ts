import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { contextOf, type FunctionContext } from '../aws/function-calls.ts';
import { restEvent, throughGateway } from '../aws/gateway-events.ts';

type Handler = (
  event: APIGatewayProxyEvent,
  context: FunctionContext,
) => Promise<APIGatewayProxyResult>;

export interface EmulatedGateway {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * The APIs of all environments. The first segment of a path is the stage, which is also the alias to call.
 */
export async function startEmulatedGateway(handler: Handler): Promise<EmulatedGateway> {
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://gateway');
    const [, stage = '', path = '/'] = /^\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const body = await text(incoming);
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const event = restEvent({
      method: incoming.method ?? 'GET',
      path,
      query: url.search.slice(1),
      headers,
      ...(body === '' ? {} : { body }),
    });
    const answer = await throughGateway(
      handler,
      event,
      contextOf(`wps-${stage.toLowerCase()}-requests:${stage}`),
    );
    outgoing.writeHead(answer.statusCode, answer.headers as Record<string, string>);
    outgoing.end(answer.isBase64Encoded ? Buffer.from(answer.body, 'base64') : answer.body);
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
