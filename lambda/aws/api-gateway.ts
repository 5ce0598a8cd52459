import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { toUSVString } from 'node:util';
import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyResult,
} from 'aws-lambda';
import type { ServiceRequest, ServiceResponse } from '../http.ts';

/**
 * A service request from an API Gateway proxy event: payload format 1.0 (REST APIs) or 2.0 (HTTP APIs), with
 * a plain or base64 body.
 *
 * Format 1.0 delivers the query decoded, so it is encoded again; format 2.0 delivers it raw. Separators of
 * lists stay plain, so that each value is decoded exactly once, as in a raw query.
 *
 * Source: Amazon API Gateway Developer Guide, "Input format of a Lambda function for proxy integration" and
 * "Payload format version".
 */
export function fromProxyEvent(
  event: APIGatewayProxyEvent | APIGatewayProxyEventV2,
): ServiceRequest {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  if ('httpMethod' in event) {
    return {
      method: event.httpMethod,
      path: event.path ?? '',
      query: queryOf(event),
      headers,
      body,
    };
  }
  return {
    method: event.requestContext.http.method,
    path: event.rawPath ?? '',
    query: event.rawQueryString,
    headers,
    body,
  };
}

function queryOf(event: APIGatewayProxyEvent): string {
  const many = event.multiValueQueryStringParameters;
  const pairs = many
    ? Object.entries(many).flatMap(([key, values]) => (values ?? []).map((value) => [key, value]))
    : Object.entries(event.queryStringParameters ?? {});
  return pairs
    .map(([key, value]) => `${encodeURIComponent(toUSVString(key ?? ''))}=${encoded(value ?? '')}`)
    .join('&');
}

function encoded(value: string): string {
  // Unpaired surrogates cannot be percent-encoded, so they are replaced.
  return toUSVString(value).replaceAll(/[^;=@,[\]:]+/g, encodeURIComponent);
}

/** The proxy result of a service response; bytes are sent as base64 (the API's binary media types). */
export async function toProxyResult(response: ServiceResponse): Promise<APIGatewayProxyResult> {
  const { status, headers, body } = response;
  if (typeof body === 'string') {
    return { statusCode: status, headers: { ...headers }, body, isBase64Encoded: false };
  }
  const bytes = body instanceof Readable ? await buffer(body) : Buffer.from(body);
  return {
    statusCode: status,
    headers: { ...headers },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  };
}
