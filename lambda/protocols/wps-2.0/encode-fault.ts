import type { FaultKind, ServiceFault } from '../../service-fault.ts';
import { exceptionReport } from '../ows/encode-exception-report.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { writer } from './write-document.ts';

/**
 * Exception code and HTTP status of each kind of fault (OGC 14-065r2, tables 38, 42, 45, 48 and 50; OGC
 * 06-121r9, table 27). An unknown job is HTTP 404: its URL leads nowhere.
 */
const exceptions: Readonly<Record<FaultKind, readonly [string, number]>> = {
  'unknown-process': ['NoSuchProcess', 400],
  'unknown-input': ['NoSuchInput', 400],
  'unknown-output': ['NoSuchOutput', 400],
  'missing-input': ['MissingParameterValue', 400],
  'too-many-inputs': ['TooManyInputs', 400],
  'invalid-value': ['WrongInputData', 400],
  'unsupported-format': ['NoSuchFormat', 400],
  'unsupported-media-type': ['InvalidParameterValue', 415],
  'unsupported-mode': ['NoSuchMode', 400],
  'unknown-job': ['NoSuchJob', 404],
  'expired-job': ['NoSuchJob', 410],
  'result-not-ready': ['ResultNotReady', 400],
  'too-large': ['SizeExceeded', 400],
  busy: ['ServerBusy', 503],
  'storage-full': ['NotEnoughStorage', 503],
  'not-in-time': ['NoApplicableCode', 504],
  forbidden: ['NoApplicableCode', 403],
  'unsupported-operation': ['OperationNotSupported', 501],
  'unknown-resource': ['InvalidParameterValue', 404],
  'unsupported-method': ['OperationNotSupported', 405],
  internal: ['NoApplicableCode', 500],
};

/** The exception code and HTTP status of a kind of fault. */
export function exceptionOf(kind: FaultKind): { readonly code: string; readonly status: number } {
  const [code, status] = exceptions[kind];
  return { code, status };
}

/** A fault as `ows:ExceptionReport` of OWS Common 2.0 (OGC 06-121r9, clause 8). */
export function encodeFault(
  fault: ServiceFault,
  language: string,
): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const isOws = fault instanceof OwsException;
  const { code, status } = isOws
    ? { code: fault.code, status: fault.httpStatus }
    : exceptionOf(fault.kind);
  const { message: text, subject } = fault;
  const body = writer.document('ows', 'ExceptionReport', 'ows/2.0/owsExceptionReport.xsd', {
    ...exceptionReport({ code, text, ...(subject ? { locator: subject } : {}) }, language, '2.0.0'),
  });
  return { status, headers: isOws ? fault.httpHeaders : {}, body };
}
