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
import { functionAlias } from './aws/function-alias.ts';
import { gatewayDeadline } from './aws/gateway-deadline.ts';
import type { ServiceResponse } from './http.ts';
import type { RequestDeadline } from './jobs/request-deadline.ts';
import { DeadlinePassed, unlessPassed } from './jobs/unless-passed.ts';
import { encodeExceptionReport } from './protocols/ows/encode-exception-report.ts';
import { loadCodec } from './protocols/wps-1.0/load-codec.ts';
import { responseHeaders } from './response-headers.ts';
import { notInTime, notServed, serve } from './service.ts';
import { xml } from './service-parts.ts';

const open = awsEnvironments(process.env);

/**
 * Answers whatever comes, in time: an event that cannot be read gets an exception report, and so does
 * a request whose configuration, documents or engine do not answer.
 */
export async function handler(
  event: APIGatewayProxyEvent | APIGatewayProxyEventV2,
  context: Pick<Context, 'invokedFunctionArn' | 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Promise<APIGatewayProxyResult> {
  const call = open(functionAlias(context.invokedFunctionArn), context.awsRequestId);
  try {
    const deadline = gatewayDeadline(event, context.getRemainingTimeInMillis(), new Date());
    const response = await answer(event, call, deadline);
    return await unlessPassed(deadline.answer, toProxyResult(response));
  } catch (error) {
    call.log.error('request not answered', {}, error);
    call.metrics.request('none', 'failed');
    return await toProxyResult(notAnswered(error));
  }
}

async function answer(
  event: APIGatewayProxyEvent | APIGatewayProxyEventV2,
  { log, metrics, environment }: AwsCall,
  deadline: RequestDeadline,
): Promise<ServiceResponse> {
  const request = fromProxyEvent(event);
  // While the configuration is on its way; whoever decodes hears of a failure.
  if (request.method === 'POST') loadCodec.xml().catch(() => undefined);
  const parts = await unlessPassed(deadline.answer, environment(deadline));
  const response = await serve(request, {
    ...parts,
    catalogue,
    deadline,
    mintJobId,
    now: () => new Date(),
    wait: (milliseconds) => wait(milliseconds),
    log,
    metrics,
  });
  return request.method === 'HEAD' ? { ...response, body: '' } : response;
}

function notAnswered(error: unknown): ServiceResponse {
  const { code, message, httpStatus } =
    error instanceof DeadlinePassed ? notInTime(error) : notServed(error);
  const response = xml(httpStatus, encodeExceptionReport({ code, text: message }, 'en'));
  // There may be no configuration to ask; the report says nothing that a page may not read.
  return { ...response, headers: { ...responseHeaders('*'), ...response.headers } };
}
