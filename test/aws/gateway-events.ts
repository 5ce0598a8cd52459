import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';

/** What a client sends; both of API Gateway's payload forms are made of it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  /** Parameters, or the query as it stands in the URL. */
  readonly query?: string | Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Payload form 1.0, of REST APIs; fields that the function does not read are left out. The gateway
 * decodes the query, and gives every value of a parameter beside the last one.
 */
export function restEvent({ method, path, query, body }: Sent): APIGatewayProxyEvent {
  const parameters = new URLSearchParams(query);
  const values: Record<string, string[]> = {};
  for (const [key, value] of parameters) values[key] = [...(values[key] ?? []), value];
  const isEmpty = parameters.size === 0;
  const event: Partial<APIGatewayProxyEvent> = {
    httpMethod: method,
    path,
    headers: { 'Content-Type': 'text/xml' },
    queryStringParameters: isEmpty ? null : Object.fromEntries(parameters),
    multiValueQueryStringParameters: isEmpty ? null : values,
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
  return event as APIGatewayProxyEvent;
}

/** Payload form 2.0, of HTTP APIs. */
export function httpEvent({ method, path, query }: Sent): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: typeof query === 'string' ? query : new URLSearchParams(query).toString(),
    headers: {},
    requestContext: { http: { method } },
    isBase64Encoded: false,
  } as APIGatewayProxyEventV2;
}
