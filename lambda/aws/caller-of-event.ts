import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Caller } from '../operations/dependencies.ts';

/**
 * The sender of a request, as far as the gateway has verified it: by a JSON Web Token or another authorizer,
 * by a signature with AWS credentials, or by an API key. An open gateway names no caller.
 *
 * The name of an owner includes how, and by whom, it was verified: names of different issuers may be the
 * same. It also includes the session of an assumed role, because people who sign in with the same role must
 * not see each other's jobs.
 *
 * Source: Amazon API Gateway Developer Guide, "Input format of a Lambda function for proxy integration",
 * "$context Variables for data models, authorizers, mapping templates" and "Create AWS Lambda proxy
 * integrations for HTTP APIs".
 */
export function callerOfEvent(event: APIGatewayProxyEvent | APIGatewayProxyEventV2): Caller {
  const context = objectOf(objectOf(event)?.['requestContext']);
  const authorizer = objectOf(context?.['authorizer']);
  const identity = objectOf(context?.['identity']);
  const owner =
    ownerOfClaims(objectOf(authorizer?.['claims'])) ??
    ownerOfClaims(objectOf(objectOf(authorizer?.['jwt'])?.['claims'])) ??
    named('authorizer', authorizer?.['principalId']) ??
    named('authorizer', objectOf(authorizer?.['lambda'])?.['principalId']) ??
    named('iam', objectOf(authorizer?.['iam'])?.['userArn']) ??
    named('iam', identity?.['userArn']) ??
    named('api-key', identity?.['apiKeyId']);
  return { listsAllJobs: false, ...(owner === undefined ? {} : { owner }) };
}

/** A subject is unique within its issuer (RFC 7519, clause 4.1.2). */
function ownerOfClaims(claims: Fields | undefined): string | undefined {
  const issuer = textOf(claims?.['iss']);
  const subject = textOf(claims?.['sub']);
  return subject === undefined ? undefined : named('jwt', `${issuer ?? ''} ${subject}`);
}

function named(kind: string, name: unknown): string | undefined {
  const text = textOf(name);
  return text === undefined ? undefined : `${kind}:${text}`;
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
