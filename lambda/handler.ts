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
import { fromProxyEvent, toProxyResult } from './api-gateway.ts';
import { type AwsCall, awsEnvironments } from './aws-environments.ts';
import { functionAlias } from './function-alias.ts';
import { loadCodec } from './load-codec.ts';
import { responseHeaders } from './response-headers.ts';
import { serve } from './service.ts';
import { type ServiceResponse, xml } from './service-parts.ts';
import { encodeExceptionReport } from './wps/encode-exception-report.ts';

const open = awsEnvironments(process.env);

/** Answers whatever comes: an event that cannot be read gets an exception report, too. */
export async function handler(
  event: APIGatewayProxyEvent | APIGatewayProxyEventV2,
  context: Pick<Context, 'invokedFunctionArn' | 'awsRequestId'>,
): Promise<APIGatewayProxyResult> {
  const call = open(functionAlias(context.invokedFunctionArn), context.awsRequestId);
  try {
    return await toProxyResult(await answer(event, call));
  } catch (error) {
    call.log.error('request not answered', {}, error);
    call.metrics.request('none', 'failed');
    return await toProxyResult(notAnswered());
  }
}

async function answer(
  event: APIGatewayProxyEvent | APIGatewayProxyEventV2,
  { log, metrics, environment }: AwsCall,
): Promise<ServiceResponse> {
  const request = fromProxyEvent(event);
  // While the configuration is on its way; whoever decodes hears of a failure.
  if (request.method === 'POST') loadCodec.xml().catch(() => undefined);
  const parts = await environment();
  const response = await serve(request, {
    ...parts,
    catalogue,
    mintJobId,
    now: () => new Date(),
    wait: (milliseconds) => wait(milliseconds),
    log,
    metrics,
  });
  return request.method === 'HEAD' ? { ...response, body: '' } : response;
}

function notAnswered(): ServiceResponse {
  const text = 'The service failed to answer the request. The reason is in its log.';
  const response = xml(500, encodeExceptionReport({ code: 'NoApplicableCode', text }, 'en'));
  return { ...response, headers: { ...responseHeaders, ...response.headers } };
}
