import type { FaultKind, ServiceFault } from '../../operations/service-fault.ts';
import { OwsException, type OwsExceptionCode } from '../ows/ows-exception.ts';

/** Code and HTTP status of each kind of fault; 400 is what real clients read best. */
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

/** What a job's failure is called (OGC 05-007r7, clause 10.4). */
export function exceptionCodeOf(kind: FaultKind): OwsExceptionCode {
  return exceptions[kind][0];
}

/** HTTP status of an answer to a client that waited for a job that failed. */
export function httpStatusOf(kind: FaultKind): number {
  return exceptions[kind][1];
}

/** A fault as WPS 1.0.0 tells it (OGC 05-007r7, clauses 8.4, 9.4 and 10.4). */
export function owsExceptionOf(fault: ServiceFault): OwsException {
  if (fault instanceof OwsException) return fault;
  const [code, httpStatus] = exceptions[fault.kind];
  const locator = locatorOf(fault);
  return new OwsException(code, fault.message, {
    ...(locator === undefined ? {} : { locator }),
    httpStatus,
    cause: fault,
  });
}

/** The parameter that names it, where that is not what is at fault itself. */
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
