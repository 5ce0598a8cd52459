import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { gatewayTimeoutSeconds } from '../configuration/limits.ts';
import { type RequestDeadline, requestDeadline } from '../jobs/request-deadline.ts';

/** If the function takes longer, API Gateway answers in its place. */
const gatewayMilliseconds = gatewayTimeoutSeconds * 1000;

/** Time to transmit the response, and for the runtime's own work. */
const marginMilliseconds = 1_000;

/**
 * The deadline of a call of the function. The gateway's time starts when the request arrives there, so it
 * includes a cold start; Lambda's time starts with the call.
 *
 * @param remainingMilliseconds until Lambda ends the call
 */
export function gatewayDeadline(
  event: APIGatewayProxyEvent | APIGatewayProxyEventV2,
  remainingMilliseconds: number,
  now: Date,
): RequestDeadline {
  const arrivedAt = arrival(event, now);
  const waited = now.getTime() - arrivedAt.getTime();
  const left = Math.min(gatewayMilliseconds - waited, remainingMilliseconds);
  return requestDeadline(arrivedAt, left - marginMilliseconds);
}

/** The gateway has its own clock; its time is used only if it is plausible. */
function arrival(event: APIGatewayProxyEvent | APIGatewayProxyEventV2, now: Date): Date {
  // An event that does not come from the gateway has no context.
  const context: Partial<Record<'requestTimeEpoch' | 'timeEpoch', number>> =
    event.requestContext ?? {};
  const told = context.requestTimeEpoch ?? context.timeEpoch;
  if (told === undefined) return now;
  const waited = now.getTime() - told;
  return waited >= 0 && waited < gatewayMilliseconds ? new Date(told) : now;
}
