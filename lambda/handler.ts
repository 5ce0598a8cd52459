/** The function behind API Gateway: composition root of the service on AWS. */

import { setTimeout as wait } from 'node:timers/promises';
import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyResult,
  Context,
} from 'aws-lambda';
import { mintJobId } from '../batch-jobs/api/job-id.ts';
import { catalogue } from '../batch-jobs/catalogue.ts';
import { fromProxyEvent, toProxyResult } from './aws/api-gateway.ts';
import { type AwsCall, awsEnvironments } from './aws/aws-environments.ts';
import { callerOfEvent } from './aws/caller-of-event.ts';
import { functionAlias } from './aws/function-alias.ts';
import { gatewayDeadline } from './aws/gateway-deadline.ts';
import type { ServiceRequest, ServiceResponse } from './http.ts';
import { type RequestDeadline, unlessPassed } from './jobs/request-deadline.ts';
import type { Caller } from './operations/dependencies.ts';
import { loadCodec } from './protocols/wps-1.0/load-codec.ts';
import { refuse, serve } from './service.ts';

const open = awsEnvironments(process.env);

/**
 * Answers every event in time. An event that cannot be read gets an exception report, and so does a request
 * whose configuration, documents or engine do not answer.
 */
export async function handler(
  event: APIGatewayProxyEvent | APIGatewayProxyEventV2,
  context: Pick<Context, 'invokedFunctionArn' | 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Promise<APIGatewayProxyResult> {
  const call = open(functionAlias(context.invokedFunctionArn), context.awsRequestId);
  let request: ServiceRequest | undefined;
  try {
    const deadline = gatewayDeadline(event, context.getRemainingTimeInMillis(), new Date());
    request = fromProxyEvent(event);
    const response = await answer(request, callerOfEvent(event), call, deadline);
    return await unlessPassed(deadline.answer, toProxyResult(response));
  } catch (error) {
    call.log.error('request not answered', {}, error);
    call.metrics.request('none', 'failed');
    return await toProxyResult(await refuse(error, request ? { request } : {}));
  }
}

async function answer(
  request: ServiceRequest,
  caller: Caller,
  { log, metrics, environment }: AwsCall,
  deadline: RequestDeadline,
): Promise<ServiceResponse> {
  // Load the codec while the configuration is on its way. If loading fails, the decoder reports it.
  if (request.method === 'POST') loadCodec.xml().catch(() => undefined);
  const chosen = await unlessPassed(deadline.answer, environment(deadline));
  const response = await serve(request, {
    ...chosen,
    catalogue,
    processVariables: chosen.configuration.processVariables ?? {},
    deadline,
    caller,
    mintJobId,
    now: () => new Date(),
    wait: (milliseconds) => wait(milliseconds),
    log,
    metrics,
  });
  return request.method === 'HEAD' ? { ...response, body: '' } : response;
}
