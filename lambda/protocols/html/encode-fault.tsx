import type { ServiceResponse } from '../../http.ts';
import type { FaultContext } from '../../route.ts';
import type { FaultKind, ServiceFault } from '../../service-fault.ts';
import { FaultPage } from './fault-page.tsx';
import { faultContext } from './page-context.ts';
import { page } from './respond.ts';

const statuses: Readonly<Record<FaultKind, number>> = {
  'unknown-process': 404,
  'unknown-input': 400,
  'unknown-output': 404,
  'missing-input': 400,
  'too-many-inputs': 400,
  'invalid-value': 400,
  'unsupported-format': 400,
  'unsupported-media-type': 415,
  'unsupported-mode': 400,
  'unknown-job': 404,
  'expired-job': 410,
  'result-not-ready': 404,
  'too-large': 413,
  busy: 503,
  'storage-full': 507,
  'not-in-time': 504,
  forbidden: 403,
  'unsupported-operation': 501,
  'unknown-resource': 404,
  'unsupported-method': 405,
  internal: 500,
};

/** A page that says what is wrong and what the reader can do. */
export function encodeFault(fault: ServiceFault, context: FaultContext): ServiceResponse {
  return page(
    statuses[fault.kind],
    <FaultPage context={faultContext(context)} faults={fault.all} />,
  );
}
