import { describe, expect, it } from 'vitest';
import type { ServiceRequest } from '../../../../lambda/http.ts';
import {
  checkAll,
  type FaultKind,
  ServiceFault,
} from '../../../../lambda/operations/service-fault.ts';
import { encodeFault } from '../../../../lambda/protocols/ogc-api/encode-fault.ts';
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

const standard = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

describe('a fault in OGC API - Processes', () => {
  it.each<[FaultKind, number, string]>([
    ['unknown-process', 404, `${standard}/no-such-process`],
    ['unknown-job', 404, `${standard}/no-such-job`],
    ['expired-job', 410, `${standard}/no-such-job`],
    ['result-not-ready', 404, `${standard}/result-not-ready`],
    ['invalid-value', 400, `${standard}/InvalidParameterValue`],
    ['missing-input', 400, `${standard}/MissingParameterValue`],
    ['too-large', 413, `${standard}/FileSizeExceeded`],
    ['busy', 429, `${standard}/ServerBusy`],
    ['unsupported-method', 405, 'about:blank'],
    ['internal', 500, `${standard}/NoApplicableCode`],
  ])(
    'a fault of kind %s has status %i and its type in OGC API - Processes',
    (kind, status, type) => {
      expect(answer(new ServiceFault(kind, 'Words.'))).toMatchObject({
        status,
        document: { type, detail: 'Words.' },
      });
    },
  );

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
    expect(answer(fault, undefined, 'POST').status).toBe(400);
  });

  it('an unsupported media type of a body is named', () => {
    expect(answer(new ServiceFault('unsupported-media-type', 'Words.')).status).toBe(415);
  });
});
