import { describe, expect, it } from 'vitest';
import type { ServiceRequest } from '../../../../lambda/http.ts';
import { encodeFault } from '../../../../lambda/protocols/ogc-api/encode-fault.ts';
import { checkAll, ServiceFault } from '../../../../lambda/service-fault.ts';
import { apiFaultsOf } from '../../../ogc-api-schemas.ts';

function answer(fault: ServiceFault, accept?: string, method = 'GET') {
  const request: ServiceRequest = {
    method,
    path: '/jobs',
    query: '',
    headers: accept === undefined ? {} : { accept },
    body: new Uint8Array(),
  };
  const { status, headers, body } = encodeFault(fault, { request });
  const document = JSON.parse(String(body));
  expect(apiFaultsOf('exception', document)).toEqual([]);
  expect(document.status).toBe(status);
  return { status, headers, document };
}

describe('a fault in OGC API - Processes', () => {
  it.each([
    [undefined, 'application/problem+json'],
    ['*/*', 'application/problem+json'],
    ['application/*', 'application/problem+json'],
    ['text/html', 'application/problem+json'],
    ['application/json, application/problem+json', 'application/problem+json'],
    ['application/json', 'application/json'],
    ['application/json;q=0.5, text/html', 'application/json'],
  ])('a fault for Accept: %s is %s', (accept, type) => {
    expect(answer(new ServiceFault('busy', 'Words.'), accept).headers['content-type']).toBe(type);
  });

  it('a fault in OGC API - Processes names every input at fault', () => {
    const check = (subject: string) => () => {
      throw new ServiceFault('invalid-value', `Input "${subject}" is wrong.`, { subject });
    };
    const both = () => checkAll([check('a'), check('b')]);
    let fault: unknown;
    try {
      both();
    } catch (error) {
      fault = error;
    }
    if (!(fault instanceof ServiceFault)) throw new Error('there is no fault');
    expect(answer(fault).document['invalid-params']).toEqual([
      { name: 'a', reason: 'Input "a" is wrong.' },
      { name: 'b', reason: 'Input "b" is wrong.' },
    ]);
  });

  it('a fault in OGC API - Processes says when to try again', () => {
    const busy = new ServiceFault('busy', 'Words.', { retryAfterSeconds: 4.2 });
    expect(answer(busy).headers['retry-after']).toBe('5');
  });

  it('an unknown output in a path is an unknown resource', () => {
    const fault = new ServiceFault('unknown-output', 'Words.', { subject: 'a' });
    expect(answer(fault).status).toBe(404);
    expect(answer(fault, undefined, 'HEAD').status).toBe(404);
    expect(answer(fault, undefined, 'POST').status).toBe(400);
  });
});
