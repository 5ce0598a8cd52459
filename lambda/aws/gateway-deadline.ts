import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { gatewayTimeoutSeconds } from '../configuration/limits.ts';
import { type RequestDeadline, requestDeadline } from '../jobs/request-deadline.ts';

/** API Gateway answers for a function that takes longer. */
const gatewayMilliseconds = gatewayTimeoutSeconds * 1000;

/** For the way of the answer, and for what the runtime does beside. */
const marginMilliseconds = 1_000;

/**
 * Until when a call of the function may last: the gateway's time runs from the request's arrival
 * there, so a cold start is part of it; Lambda's from the start of the call.
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

/** The gateway's clock is another; what it says is taken where it can be true. */
function arrival(event: APIGatewayProxyEvent | APIGatewayProxyEventV2, now: Date): Date {
  // An event that does not come from the gateway has no context.
  const context: Partial<Record<'requestTimeEpoch' | 'timeEpoch', number>> =
    event.requestContext ?? {};
  const told = context.requestTimeEpoch ?? context.timeEpoch;
  if (told === undefined) return now;
  const waited = now.getTime() - told;
  return waited >= 0 && waited < gatewayMilliseconds ? new Date(told) : now;
}
