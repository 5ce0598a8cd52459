import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyResult,
} from 'aws-lambda';

/** A client's request, from which both of API Gateway's payload formats are made. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  /** Parameters, or the query as it is in the URL. */
  readonly query?: string | Readonly<Record<string, string>>;
  /** Without it, a REST event has those of XML. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const xml = { 'Content-Type': 'text/xml' };

/**
 * Payload format 1.0, of REST APIs, without the fields that the function does not read. The gateway decodes
 * the query. It gives the last value of each parameter and, in a separate field, all values.
 */
export function restEvent({
  method,
  path,
  query,
  headers = xml,
  body,
}: Sent): APIGatewayProxyEvent {
  const parameters = new URLSearchParams(query);
  const values: Record<string, string[]> = {};
  for (const [key, value] of parameters) values[key] = [...(values[key] ?? []), value];
  const isEmpty = parameters.size === 0;
  const event: Partial<APIGatewayProxyEvent> = {
    httpMethod: method,
    path,
    headers: { ...headers },
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: isEmpty ? null : Object.fromEntries(parameters),
    multiValueQueryStringParameters: isEmpty ? null : values,
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
  return event as APIGatewayProxyEvent;
}

/** Payload format 2.0, of HTTP APIs. Header names are in lower case, and text bodies are not encoded. */
export function httpEvent({
  method,
  path,
  query,
  headers = {},
  body,
}: Sent): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: typeof query === 'string' ? query : new URLSearchParams(query).toString(),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    ...(body === undefined ? {} : { body }),
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
 * The answer that a client receives for an event: the function's, or the gateway's own JSON where the event
 * or the answer is too large for Lambda.
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
