import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  RegisterJobDefinitionCommand,
} from '@aws-sdk/client-batch';
import { type Emulator, emulatedAccount, emulatedRegion } from './emulator.ts';

/** Queues and job definitions of one environment, as its stack creates them. */
export interface BatchResources {
  readonly queues: readonly string[];
  readonly jobDefinitions: readonly {
    readonly name: string;
    readonly variables?: Readonly<Record<string, string>>;
  }[];
}

export function batchClient(emulator: Pick<Emulator, 'endpoint'>): BatchClient {
  return new BatchClient({
    region: emulatedRegion,
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  });
}

/** Creates them, and the compute environment that they need. */
export async function createBatchResources(
  emulator: Emulator,
  { queues, jobDefinitions }: BatchResources,
): Promise<void> {
  await createServiceLinkedRole(emulator);
  const client = batchClient(emulator);
  const role = 'aws-service-role/batch.amazonaws.com/AWSServiceRoleForbatch';
  const { computeEnvironmentName } = await client.send(
    new CreateComputeEnvironmentCommand({
      computeEnvironmentName: 'emulated',
      type: 'UNMANAGED',
      state: 'ENABLED',
      serviceRole: `arn:aws:iam::${emulatedAccount}:role/${role}`,
    }),
  );
  for (const jobQueueName of queues) {
    await client.send(
      new CreateJobQueueCommand({
        jobQueueName,
        priority: 1,
        state: 'ENABLED',
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: computeEnvironmentName }],
      }),
    );
  }
  for (const { name, variables = {} } of jobDefinitions) {
    await client.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: name,
        type: 'container',
        containerProperties: {
          image: name,
          resourceRequirements: [
            { type: 'VCPU', value: '1' },
            { type: 'MEMORY', value: '512' },
          ],
          environment: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
        },
      }),
    );
  }
}

/** The emulator reads the service from the scope of the signature, and does not check the signature. */
async function createServiceLinkedRole({ endpoint }: Emulator): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=emulated/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({
      Action: 'CreateServiceLinkedRole',
      AWSServiceName: 'batch.amazonaws.com',
      Version: '2010-05-08',
    }),
  });
  if (!response.ok) throw new Error(`no service-linked role: ${await response.text()}`);
}
