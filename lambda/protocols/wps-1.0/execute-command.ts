import type { ReceivedRequest } from '../../../batch-jobs/api/job.ts';
import type { ExecuteCommand } from '../../operations/execute-command.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { protocolName, type ResponsePresentation } from './presentation.ts';
import type { ExecuteRequest, ResponseForm } from './requests.ts';

/**
 * The command of a WPS 1.0.0 Execute request. Without `storeExecuteResponse`, the response waits for the job
 * (OGC 05-007r7, clause 10.3).
 *
 * @throws {OwsException} if the client asks for status updates but not for a stored response
 */
export function executeCommand(
  { identifier, inputs, responseForm, language }: ExecuteRequest,
  received: ReceivedRequest,
): ExecuteCommand {
  refuseStatusWithoutStore(responseForm);
  const presentation = presentationOf(responseForm);
  return {
    process: identifier,
    inputs,
    outputs:
      responseForm.kind === 'raw'
        ? [responseForm.output]
        : responseForm.outputs.map(({ asReference, ...output }) => ({
            ...output,
            transmission: asReference ? 'reference' : 'value',
          })),
    mode: presentation.store ? 'async' : 'sync',
    ...(language === undefined ? {} : { language }),
    presentation,
    received,
  };
}

function presentationOf(form: ResponseForm): ResponsePresentation {
  const document = form.kind === 'document' ? form : undefined;
  return {
    protocol: protocolName,
    store: document?.storeExecuteResponse ?? false,
    status: document?.status ?? false,
    lineage: document?.lineage ?? false,
    raw: form.kind === 'raw',
  };
}

/** Without a stored response, there is nothing to update (OGC 05-007r7, table 50). */
function refuseStatusWithoutStore(form: ResponseForm): void {
  if (form.kind !== 'document' || !form.status || form.storeExecuteResponse) return;
  throw new OwsException(
    'InvalidParameterValue',
    'status is "true" while storeExecuteResponse is "false"; allowed: status="true" together with storeExecuteResponse="true".',
    { locator: 'status' },
  );
}
