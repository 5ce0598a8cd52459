import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { callerOfEvent } from '../../../lambda/aws/caller-of-event.ts';
import { httpEvent, restEvent } from '../../aws/gateway-events.ts';

const sent = { method: 'GET', path: '/jobs' };

/** Events as API Gateway makes them. Their fields about callers are as its guide shows them. */
const rest = (requestContext: object): APIGatewayProxyEvent =>
  Object.assign(restEvent(sent), { requestContext });
const http = (authorizer: object): APIGatewayProxyEventV2 =>
  Object.assign(httpEvent(sent), {
    requestContext: { http: { method: 'GET' }, authorizer },
  });

const unknown = { accessKey: null, apiKey: null, apiKeyId: null, caller: null, userArn: null };
const sourceIp = '192.0.2.1';

describe('the caller of an event', () => {
  it('a caller of an open API has no identity', () => {
    expect(callerOfEvent(restEvent(sent))).toEqual({ listsAllJobs: false });
    expect(callerOfEvent(rest({ identity: { ...unknown, sourceIp } }))).toEqual({
      listsAllJobs: false,
    });
    expect(callerOfEvent(httpEvent(sent))).toEqual({ listsAllJobs: false });
  });

  it("a caller with an API key is identified by the key's id, not by the key", () => {
    const identity = { ...unknown, sourceIp, apiKey: 'secret', apiKeyId: 'k1' };
    expect(callerOfEvent(rest({ identity })).owner).toBe('api-key:k1');
  });

  it('a caller that signed its request is identified by its ARN', () => {
    const userArn = 'arn:aws:sts::123456789012:assumed-role/Analyst/jo@example.org';
    const identity = { ...unknown, sourceIp, userArn, caller: 'AROA:jo@example.org' };
    expect(callerOfEvent(rest({ identity })).owner).toBe(`iam:${userArn}`);
    expect(callerOfEvent(http({ iam: { userArn } })).owner).toBe(`iam:${userArn}`);
  });

  it('a caller with a token is identified by issuer and subject', () => {
    const claims = { iss: 'https://issuer.example.org', sub: '42', email: 'jo@example.org' };
    const owner = 'jwt:https://issuer.example.org 42';
    expect(callerOfEvent(rest({ identity: unknown, authorizer: { claims } })).owner).toBe(owner);
    expect(callerOfEvent(http({ jwt: { claims, scopes: null } })).owner).toBe(owner);
    const other = { ...claims, iss: 'https://other.example.org' };
    expect(callerOfEvent(rest({ authorizer: { claims: other } })).owner).not.toBe(owner);
  });

  it('a caller is identified by the name that a custom authorizer gives', () => {
    const authorizer = { principalId: 'jo', integrationLatency: 5 };
    expect(callerOfEvent(rest({ identity: unknown, authorizer })).owner).toBe('authorizer:jo');
    expect(callerOfEvent(http({ lambda: { principalId: 'jo' } })).owner).toBe('authorizer:jo');
  });

  it('a caller never lists the jobs of others, whatever the event contains', () => {
    for (const requestContext of [null, 7, 'a', { authorizer: 7 }, { identity: { userArn: 7 } }]) {
      const event = Object.assign(restEvent(sent), { requestContext });
      expect(callerOfEvent(event)).toEqual({ listsAllJobs: false });
    }
  });

  it('a caller cannot name itself in a header', () => {
    const event = restEvent(sent);
    event.headers = { 'x-api-key': 'k1', authorization: 'Bearer a.b.c' };
    expect(callerOfEvent(event).owner).toBeUndefined();
  });
});
