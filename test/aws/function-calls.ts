import type { JobDetail } from '@aws-sdk/client-batch';
import { type Emulator, emulatedAccount, emulatedRegion } from './emulator.ts';

/** What Lambda gives to a function besides the event. */
export interface FunctionContext {
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

/**
 * The context of a call of a function of the emulated account.
 *
 * @param functionName with its alias: `wps-dev-requests:DEV`
 * @param remainingMillis time that is left; an API allows 29 s
 */
export function contextOf(functionName: string, remainingMillis = 29_000): FunctionContext {
  return {
    invokedFunctionArn: `arn:aws:lambda:${emulatedRegion}:${emulatedAccount}:function:${functionName}`,
    awsRequestId: '8f5cb1f4-2f1b-4a6c-9a4d-6c1f4c2f0d11',
    getRemainingTimeInMillis: () => remainingMillis,
  };
}

/** Variables of the functions, as their stacks set them. */
export function functionVariables(
  emulator: Emulator,
  configurationBucket: string,
): Readonly<Record<string, string>> {
  return {
    ...emulator.variables,
    CONFIGURATION_S3_BUCKET: configurationBucket,
    CONFIG_FILENAME: 'wps.properties',
  };
}

/** An event of the function that follows jobs, as EventBridge sends it: a job's change, or `Scheduled Event`. */
export function jobEvent(type: string, detail: Partial<JobDetail> = {}) {
  return {
    'detail-type': type,
    source: type === 'Scheduled Event' ? 'aws.events' : 'aws.batch',
    detail,
    id: 'c8f9c4b5-76e5-d76a-f980-7011e206042b',
    version: '0',
    account: emulatedAccount,
    region: emulatedRegion,
    time: '2026-01-01T00:00:00Z',
    resources: [],
  };
}
