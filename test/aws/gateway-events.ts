import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyResult,
} from 'aws-lambda';

/** What a client sends; both of API Gateway's payload forms are made of it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  /** A parameter that is sent more than once has several values. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** Payload form 1.0, of REST APIs; fields that the function does not read are left out. */
export function restEvent({ method, path, query, body }: Sent): APIGatewayProxyEvent {
  const parameters = Object.entries(query ?? {}).map(([name, value]) => ({
    name,
    values: typeof value === 'string' ? [value] : [...value],
  }));
  const single = parameters.map(({ name, values }) => [name, values.at(-1)]);
  const multiple = parameters.map(({ name, values }) => [name, values]);
  const event: Partial<APIGatewayProxyEvent> = {
    httpMethod: method,
    path,
    headers: { 'Content-Type': 'text/xml' },
    multiValueHeaders: { 'Content-Type': ['text/xml'] },
    queryStringParameters: query ? Object.fromEntries(single) : null,
    multiValueQueryStringParameters: query ? Object.fromEntries(multiple) : null,
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
  return event as APIGatewayProxyEvent;
}

/** Payload form 2.0, of HTTP APIs. */
export function httpEvent({ method, path, query }: Sent): APIGatewayProxyEventV2 {
  const sent = new URLSearchParams();
  for (const [name, values] of Object.entries(query ?? {})) {
    for (const value of [values].flat()) sent.append(name, value);
  }
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: sent.toString(),
    headers: {},
    requestContext: { http: { method } },
    isBase64Encoded: false,
  } as APIGatewayProxyEventV2;
}

/**
 * Largest request or response of a function that is invoked synchronously, in bytes of its JSON.
 *
 * Source: AWS Lambda Developer Guide, "Lambda quotas" (invocation payload, 6 MB each).
 */
const payloadBytes = 6 * 1024 * 1024;

/**
 * What a client gets for an event: the function's answer, or the gateway's own in JSON where event
 * or answer are too large for Lambda.
 */
export async function throughGateway<E, C>(
  handler: (event: E, context: C) => Promise<APIGatewayProxyResult>,
  event: E,
  context: C,
): Promise<APIGatewayProxyResult> {
  if (sizeOf(event) > payloadBytes) return own(413, 'Request Too Long');
  const answer = await handler(event, context);
  return sizeOf(answer) > payloadBytes ? own(502, 'Internal server error') : answer;
}

function sizeOf(payload: unknown): number {
  return Buffer.byteLength(JSON.stringify(payload));
}

function own(statusCode: number, message: string): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  };
}
