import Negotiator from 'negotiator';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import type { FaultContext } from '../../route.ts';
import type { FaultKind, ServiceFault } from '../../service-fault.ts';
import { mediaTypes } from './links.ts';

/** Exception types of the standard (OGC 18-062r2, clauses 7.10 to 7.13, 11 and 13). */
const base = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

interface Exception {
  readonly type: string;
  readonly title: string;
  readonly status: number;
}

const invalid = (title: string): Exception => ({
  type: `${base}/InvalidParameterValue`,
  title,
  status: 400,
});

/**
 * The exception of each kind of fault. The standard names three types; the others use the codes of OWS
 * Common, as its abstract tests do (18-062r2, A.47).
 */
const exceptions: Readonly<Record<FaultKind, Exception>> = {
  'unknown-process': { type: `${base}/no-such-process`, title: 'No such process', status: 404 },
  'unknown-job': { type: `${base}/no-such-job`, title: 'No such job', status: 404 },
  'expired-job': { type: `${base}/no-such-job`, title: 'The job has expired', status: 410 },
  'result-not-ready': {
    type: `${base}/result-not-ready`,
    title: 'The results are not ready',
    status: 404,
  },
  'unknown-input': invalid('No such input'),
  'unknown-output': invalid('No such output'),
  'missing-input': {
    type: `${base}/MissingParameterValue`,
    title: 'An input is missing',
    status: 400,
  },
  'too-many-inputs': invalid('An input is given too often'),
  'invalid-value': invalid('A value is not allowed'),
  'unsupported-format': invalid('A format is not offered'),
  'unsupported-media-type': {
    type: 'about:blank',
    title: 'Unsupported Media Type',
    status: 415,
  },
  'unsupported-mode': invalid('The process cannot be run that way'),
  'too-large': { type: `${base}/FileSizeExceeded`, title: 'Too large', status: 413 },
  busy: { type: `${base}/ServerBusy`, title: 'Too many jobs wait already', status: 429 },
  'storage-full': { type: `${base}/NotEnoughStorage`, title: 'Not enough storage', status: 503 },
  'not-in-time': { type: `${base}/NoApplicableCode`, title: 'Not answered in time', status: 504 },
  forbidden: { type: 'about:blank', title: 'Forbidden', status: 403 },
  'unsupported-operation': {
    type: `${base}/OperationNotSupported`,
    title: 'Not offered',
    status: 501,
  },
  'unknown-resource': { type: 'about:blank', title: 'Not Found', status: 404 },
  'unsupported-method': { type: 'about:blank', title: 'Method Not Allowed', status: 405 },
  internal: { type: `${base}/NoApplicableCode`, title: 'Internal error', status: 500 },
};

/** A fault in the form of `exception.yaml`: the problem details of RFC 7807 (OGC 18-062r2, clause 7.5.1). */
export function problem(fault: Pick<ServiceFault, 'kind' | 'message' | 'subject'>): ProblemDetails {
  const { type, title, status } = exceptions[fault.kind];
  return { type, title, status, detail: fault.message };
}

export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/**
 * A fault as a response: `application/json` if the client accepts only that. Names each input or parameter at
 * fault (RFC 7807, clause 3).
 */
export function encodeFault(fault: ServiceFault, { request }: FaultContext): ServiceResponse {
  const { status, ...details } = statusOnPath(problem(fault), fault, request);
  const named = fault.all.flatMap(({ subject, text }) =>
    subject === undefined ? [] : [{ name: subject, reason: text }],
  );
  const document = {
    ...details,
    status,
    ...(named.length > 0 ? { 'invalid-params': named } : {}),
  };
  return {
    status,
    headers: {
      'content-type': problemType(request),
      ...(fault.retryAfterSeconds === undefined
        ? {}
        : { 'retry-after': String(Math.ceil(fault.retryAfterSeconds)) }),
    },
    body: JSON.stringify(document, null, 2),
  };
}

/** An unknown output in the path is a missing resource. */
function statusOnPath(
  details: ProblemDetails,
  { kind }: ServiceFault,
  request: ServiceRequest | undefined,
): ProblemDetails {
  const isMissing = kind === 'unknown-output' && request?.method !== 'POST';
  return isMissing ? { ...details, status: 404 } : details;
}

/** Without a charset, a parameter that JSON does not have (RFC 8259, clause 11). */
function problemType(request: ServiceRequest | undefined): string {
  const accept = request?.headers['accept'];
  const accepted = new Negotiator({ headers: { accept } }).mediaTypes([
    mediaTypes.problem,
    mediaTypes.json,
  ]);
  return accepted.includes(mediaTypes.json) && !accepted.includes(mediaTypes.problem)
    ? mediaTypes.json
    : mediaTypes.problem;
}
