import { GetBucketPolicyCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { AwsConfiguration } from '../../../lambda/configuration/configuration.ts';
import { type AwsAccount, ifThere } from '../aws-account.ts';
import { broken, type Finding, ok, warns } from './finding.ts';

/** A bucket that functions or jobs use. */
interface UsedBucket {
  readonly subject: string;
  readonly name: string;
  /** What fails without it. */
  readonly loss: string;
  /** The stack that has it. */
  readonly stack: string;
}

/** Checks that the buckets exist and that their policies refuse nothing that functions and jobs do. */
export async function checkBuckets(
  account: AwsAccount,
  { outputBucket }: AwsConfiguration,
): Promise<readonly Finding[]> {
  const buckets: readonly UsedBucket[] = [
    {
      subject: 'outputs bucket',
      name: outputBucket,
      loss: 'no job can be written down',
      stack: account.environment,
    },
    {
      subject: 'configuration bucket',
      name: account.configurationBucket,
      loss: 'functions cannot read their configuration',
      stack: 'SHARED',
    },
  ];
  return await Promise.all(buckets.map((bucket) => checkBucket(account, bucket)));
}

async function checkBucket(
  { s3 }: AwsAccount,
  { subject, name: Bucket, loss, stack }: UsedBucket,
): Promise<Finding> {
  const mend = `npx cdktf deploy ${stack}`;
  const found = await ifThere(
    s3.send(new HeadBucketCommand({ Bucket })),
    'NotFound',
    'NoSuchBucket',
  );
  if (!found) return broken(subject, `${Bucket} is not there; ${loss}`, mend);
  const policy = await ifThere(
    s3.send(new GetBucketPolicyCommand({ Bucket })),
    'NoSuchBucketPolicy',
  );
  const refusals = refusalsOf(policy?.Policy ?? '{}').filter((each) => !isForTls(each));
  const [refusal] = refusals;
  if (!refusal) return ok(subject, `${Bucket} is there, and its policy refuses no role`);
  const { Sid, Action, NotAction, Condition } = refusal;
  const what = Action === undefined ? `all but ${listed(NotAction)}` : listed(Action);
  const refuses = `the policy of ${Bucket} has a statement ${Sid ? `"${Sid}"` : 'without a name'} that denies ${what}`;
  return Condition === undefined
    ? broken(subject, `${refuses}; ${loss}`, mend)
    : warns(subject, `${refuses} under a condition`, mend);
}

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const statement = z.object({
  Effect: z.string(),
  Sid: z.string().optional(),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
type Statement = z.infer<typeof statement>;
const policyDocument = z.object({
  Statement: z.union([z.array(statement), statement.transform((one) => [one])]).default([]),
});

function refusalsOf(text: string): readonly Statement[] {
  return policyDocument.parse(JSON.parse(text)).Statement.filter(({ Effect }) => Effect === 'Deny');
}

/** The stacks' own statement: requests without TLS are refused. */
function isForTls({ Condition = {} }: Statement): boolean {
  return Object.values(Condition).some((keys) => 'aws:SecureTransport' in keys);
}

function listed(actions: string | readonly string[] = []): string {
  return [actions].flat().join(', ');
}
