import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { BatchClient } from '@aws-sdk/client-batch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { vi } from 'vitest';

const clients = {
  apigateway: APIGatewayClient,
  batch: BatchClient,
  ec2: EC2Client,
  ecr: ECRClient,
  events: EventBridgeClient,
  iam: IAMClient,
  lambda: LambdaClient,
  logs: CloudWatchLogsClient,
  quotas: ServiceQuotasClient,
  s3: S3Client,
  ssm: SSMClient,
  sts: STSClient,
};

export type Input = Readonly<Record<string, unknown>>;

/** The answers of AWS by service and operation, such as `lambda GetAlias`. */
export type Answers = Readonly<Record<string, (input: Input) => unknown>>;

interface Sent {
  readonly input: Input;
  readonly constructor: { readonly name: string };
}

/**
 * Answers every call of the SDK in this process. `test/aws/operate.test.ts` sends the same calls to an emulator.
 *
 * @param answers is asked at each call; an operation that it does not contain fails
 * @returns the calls so far, and a function that ends the answering
 */
export function answeringAws(answers: () => Answers) {
  const sent: { readonly call: string; readonly input: Input }[] = [];
  const spies = Object.entries(clients).map(([service, { prototype }]) =>
    vi
      .spyOn(prototype as { send(command: Sent): unknown }, 'send')
      .mockImplementation(async (command: Sent) => {
        const { input } = command;
        const call = `${service} ${command.constructor.name.replace(/Command$/, '')}`;
        sent.push({ call, input });
        const answer = answers()[call];
        if (!answer) throw new Error(`the test has no answer to ${call}`);
        return answer(input);
      }),
  );
  return {
    sent,
    end: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

/** An error of AWS, which code recognises by its name. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}
