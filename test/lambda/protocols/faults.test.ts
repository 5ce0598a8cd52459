import { describe, expect, it } from 'vitest';
import { encodeFault as encodePage } from '../../../lambda/protocols/html/encode-fault.tsx';
import { encodeFault as encodeProblem } from '../../../lambda/protocols/ogc-api/encode-fault.ts';
import { OwsException } from '../../../lambda/protocols/ows/ows-exception.ts';
import { exceptionCodeOf, httpStatusOf } from '../../../lambda/protocols/wps-1.0/encode-fault.ts';
import { wps10 } from '../../../lambda/protocols/wps-1.0/protocol.ts';
import { exceptionOf } from '../../../lambda/protocols/wps-2.0/encode-fault.ts';
import { wps20 } from '../../../lambda/protocols/wps-2.0/protocol.ts';
import { type FaultKind, ServiceFault } from '../../../lambda/service-fault.ts';
import { faultsOf } from '../../official-schemas.ts';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { outline } from '../../outline.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const request = { method: 'GET', path: '/', query: '', headers: {}, body: new Uint8Array() };
const job = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';

/**
 * Exception code and HTTP status in WPS 1.0.0, the same in WPS 2.0, type and HTTP status of the problem in OGC
 * API - Processes, and HTTP status of a page.
 */
const kinds: Readonly<Record<FaultKind, string>> = {
  'unknown-process': 'InvalidParameterValue 400, NoSuchProcess 400, no-such-process 404, 404',
  'unknown-input': 'InvalidParameterValue 400, NoSuchInput 400, InvalidParameterValue 400, 400',
  // In the path of a GET of OGC API - Processes, it is a missing resource.
  'unknown-output': 'InvalidParameterValue 400, NoSuchOutput 400, InvalidParameterValue 404, 404',
  'missing-input':
    'MissingParameterValue 400, MissingParameterValue 400, MissingParameterValue 400, 400',
  'too-many-inputs': 'InvalidParameterValue 400, TooManyInputs 400, InvalidParameterValue 400, 400',
  'invalid-value': 'InvalidParameterValue 400, WrongInputData 400, InvalidParameterValue 400, 400',
  'unsupported-format':
    'InvalidParameterValue 400, NoSuchFormat 400, InvalidParameterValue 400, 400',
  'unsupported-media-type':
    'InvalidParameterValue 415, InvalidParameterValue 415, about:blank 415, 415',
  'unsupported-mode': 'InvalidParameterValue 400, NoSuchMode 400, InvalidParameterValue 400, 400',
  'unknown-job': 'InvalidParameterValue 404, NoSuchJob 404, no-such-job 404, 404',
  'expired-job': 'InvalidParameterValue 410, NoSuchJob 410, no-such-job 410, 410',
  'result-not-ready': 'NoApplicableCode 404, ResultNotReady 400, result-not-ready 404, 404',
  'too-large': 'FileSizeExceeded 400, SizeExceeded 400, FileSizeExceeded 413, 413',
  busy: 'ServerBusy 503, ServerBusy 503, ServerBusy 429, 503',
  'storage-full': 'NotEnoughStorage 503, NotEnoughStorage 503, NotEnoughStorage 503, 507',
  'not-in-time': 'NoApplicableCode 504, NoApplicableCode 504, NoApplicableCode 504, 504',
  forbidden: 'NoApplicableCode 403, NoApplicableCode 403, about:blank 403, 403',
  'unsupported-operation':
    'OperationNotSupported 501, OperationNotSupported 501, OperationNotSupported 501, 501',
  'unknown-resource': 'InvalidParameterValue 404, InvalidParameterValue 404, about:blank 404, 404',
  'unsupported-method':
    'OperationNotSupported 405, OperationNotSupported 405, about:blank 405, 405',
  internal: 'NoApplicableCode 500, NoApplicableCode 500, NoApplicableCode 500, 500',
};
const rows = Object.entries(kinds).map(([kind, row]) => {
  const [code10 = '', status10, code20 = '', status20, problem = '', status, pageStatus] =
    row.split(/,? /);
  const statuses = [status10, status20, status, pageStatus].map(Number);
  return { kind: kind as FaultKind, code10, code20, problem, statuses };
});

/** The locator of a fault about that job: WPS 1.0.0 names the parameter, where one parameter holds it. */
const locators: Readonly<Partial<Record<FaultKind, string>>> = {
  'unknown-process': 'Identifier',
  'unknown-job': 'jobId',
  'expired-job': 'jobId',
};

const report =
  (ows: string, schema: string, version: string) =>
  (language: string, exception: string, text: string) => [
    `ows:ExceptionReport version=${version} xml:lang=${language} xsi:schemaLocation=http://www.opengis.net/${ows} http://schemas.opengis.net/${schema}`,
    `  ows:Exception ${exception}`,
    `    ows:ExceptionText: ${text}`,
  ];
const report10 = report('ows/1.1', 'ows/1.1.0/owsExceptionReport.xsd', '1.1.0');
const report20 = report('ows/2.0', 'ows/2.0/owsExceptionReport.xsd', '2.0.0');

describe.each(rows)(
  'a fault of kind $kind',
  ({ kind, code10, code20, problem, statuses: [status10, status20, status, pageStatus] }) => {
    const fault = new ServiceFault(kind, 'Why & <how>.', { subject: job });

    it(`a fault of kind ${kind} is ${code10} with HTTP status ${status10} in WPS 1.0.0`, async () => {
      const response = await wps10.encodeFault(fault, { request });
      expect(response).toMatchObject({ status: status10, headers: { 'content-type': 'text/xml' } });
      const body = String(response.body);
      expect(faultsOf(body)).toEqual([]);
      const locator = locators[kind] ?? job;
      expect(outline(body)).toEqual(
        report10('en', `exceptionCode=${code10} locator=${locator}`, 'Why & <how>.'),
      );
      expect([exceptionCodeOf(kind), httpStatusOf(kind)]).toEqual([code10, status10]);
    });

    it(`a fault of kind ${kind} is ${code20} with HTTP status ${status20} in WPS 2.0`, async () => {
      const response = await wps20.encodeFault(fault, { request });
      expect(response).toMatchObject({ status: status20, headers: { 'content-type': 'text/xml' } });
      expect(outline(String(response.body))).toEqual(
        report20('en', `exceptionCode=${code20} locator=${job}`, 'Why & <how>.'),
      );
      expect(exceptionOf(kind)).toEqual({ code: code20, status: status20 });
    });

    it(`a fault of kind ${kind} is ${problem} with HTTP status ${status} in OGC API - Processes`, () => {
      const response = encodeProblem(fault, { request });
      expect(response.status).toBe(status);
      const document = JSON.parse(String(response.body));
      expect(apiFaultsOf('exception', document)).toEqual([]);
      expect(document).toEqual({
        type:
          problem === 'about:blank'
            ? problem
            : `http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/${problem}`,
        title: expect.stringMatching(/^[A-Z][\w ]{5,}$/),
        status,
        detail: 'Why & <how>.',
        'invalid-params': [{ name: job, reason: 'Why & <how>.' }],
      });
    });

    it(`a page about a fault of kind ${kind} has HTTP status ${pageStatus}`, () => {
      expect(encodePage(fault, { request }).status).toBe(pageStatus);
    });
  },
);

describe('a fault', () => {
  it.each([
    ['WPS 1.0.0', wps10, report10],
    ['WPS 2.0', wps20, report20],
  ] as const)(
    'a fault of %s that its decoder found keeps its status and headers, in the language of the service',
    async (_, protocol, expected) => {
      const exception = new OwsException('OperationNotSupported', 'Not by HEAD.', {
        ...{ httpStatus: 405, httpHeaders: { allow: 'POST' } },
      });
      const { configuration } = serviceUnderTest({
        configuration: { languages: ['fr', 'en'] },
      }).dependencies;
      const { status, headers, body } = await protocol.encodeFault(exception, {
        request,
        configuration,
      });
      expect([status, headers]).toEqual([405, { 'content-type': 'text/xml', allow: 'POST' }]);
      expect(outline(String(body))).toEqual(
        expected('fr', 'exceptionCode=OperationNotSupported', 'Not by HEAD.'),
      );
    },
  );

  it.each([
    ['MissingParameterValue', 400, 'missing-input'],
    ['InvalidParameterValue', 400, 'invalid-value'],
    ['VersionNegotiationFailed', 400, 'unsupported-operation'],
    ['OperationNotSupported', 501, 'unsupported-operation'],
    ['NoApplicableCode', 500, 'internal'],
    ['NotEnoughStorage', 503, 'storage-full'],
    ['ServerBusy', 503, 'busy'],
    ['FileSizeExceeded', 400, 'too-large'],
  ] as const)(
    'a fault with the OWS code %s has HTTP status %i unless it has its own, and is of kind %s',
    (code, httpStatus, kind) => {
      expect(new OwsException(code, 'Why.')).toMatchObject({ code, httpStatus, kind });
      expect(new OwsException(code, 'Why.').locator).toBeUndefined();
      expect(new OwsException(code, 'Why.', { httpStatus: 413, locator: 'a' })).toMatchObject({
        ...{ httpStatus: 413, locator: 'a', httpHeaders: {} },
      });
    },
  );
});
