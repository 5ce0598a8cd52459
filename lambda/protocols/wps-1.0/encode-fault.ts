import type { FaultKind, ServiceFault } from '../../service-fault.ts';
import { OwsException, type OwsExceptionCode } from '../ows/ows-exception.ts';

/** Exception code and HTTP status of each kind of fault; existing clients handle 400 best. */
const exceptions: Readonly<Record<FaultKind, readonly [OwsExceptionCode, number]>> = {
  'unknown-process': ['InvalidParameterValue', 400],
  'unknown-input': ['InvalidParameterValue', 400],
  'unknown-output': ['InvalidParameterValue', 400],
  'missing-input': ['MissingParameterValue', 400],
  'too-many-inputs': ['InvalidParameterValue', 400],
  'invalid-value': ['InvalidParameterValue', 400],
  'unsupported-format': ['InvalidParameterValue', 400],
  'unsupported-media-type': ['InvalidParameterValue', 415],
  'unsupported-mode': ['InvalidParameterValue', 400],
  'unknown-job': ['InvalidParameterValue', 404],
  'expired-job': ['InvalidParameterValue', 410],
  'result-not-ready': ['NoApplicableCode', 404],
  'too-large': ['FileSizeExceeded', 400],
  busy: ['ServerBusy', 503],
  'storage-full': ['NotEnoughStorage', 503],
  'not-in-time': ['NoApplicableCode', 504],
  forbidden: ['NoApplicableCode', 403],
  'unsupported-operation': ['OperationNotSupported', 501],
  'unknown-resource': ['InvalidParameterValue', 404],
  'unsupported-method': ['OperationNotSupported', 405],
  internal: ['NoApplicableCode', 500],
};

/** The exception code of a job's failure (OGC 05-007r7, clause 10.4). */
export function exceptionCodeOf(kind: FaultKind): OwsExceptionCode {
  return exceptions[kind][0];
}

/** HTTP status of the response to a client that waited for a job that failed. */
export function httpStatusOf(kind: FaultKind): number {
  return exceptions[kind][1];
}

/** A fault as a WPS 1.0.0 exception (OGC 05-007r7, clauses 8.4, 9.4 and 10.4). */
export function owsExceptionOf(fault: ServiceFault): OwsException {
  if (fault instanceof OwsException) return fault;
  const [code, httpStatus] = exceptions[fault.kind];
  return new OwsException(code, fault.message, {
    locator: locatorOf(fault),
    httpStatus,
    cause: fault,
  });
}

/** The parameter that names the subject, or the subject itself. */
function locatorOf({ kind, subject }: ServiceFault): string | undefined {
  switch (kind) {
    case 'unknown-process':
      return 'Identifier';
    case 'unknown-job':
    case 'expired-job':
      return 'jobId';
    default:
      return subject;
  }
}
