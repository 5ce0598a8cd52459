import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { jobTags } from '../../lambda/aws/batch-job-detail.ts';
import { resolved } from './resolved-references.ts';
import { type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

interface Policy {
  readonly stack: string;
  readonly address: string;
  readonly statements: readonly Statement[];
}

/** Every policy document of a stack, in any resource. */
function policiesOf(stack: string, configuration: SynthesisedConfiguration): readonly Policy[] {
  return Object.entries(configuration.resource).flatMap(([type, all]) =>
    Object.entries(all).flatMap(([id, attributes]) =>
      Object.values(attributes)
        .filter((value) => typeof value === 'string')
        .filter((value) => value.includes('"Statement"'))
        .map((document) => ({
          stack,
          address: `${type}.${id}`,
          statements: JSON.parse(document).Statement,
        })),
    ),
  );
}

let policies: readonly Policy[];
let stacks: Readonly<Record<string, SynthesisedConfiguration>>;

const secret = 'arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:two-AbCdEf';

beforeAll(async () => {
  const everyOption = {
    ...dev,
    outputs: { ...dev.outputs, kmsKeyArn: 'arn:aws:kms:ap-southeast-2:123456789012:key/1' },
    processes: {
      ...dev.processes,
      own: {
        echo: {
          secrets: {
            ONE: 'arn:aws:ssm:ap-southeast-2:123456789012:parameter/one',
            TWO: `${secret}:password::`,
            THREE: `${secret}:user::`,
          },
          buckets: ['archive', 'other.archive', 'archive'],
        },
      },
    },
  };
  const [, ...others] = installationData.environments;
  const readsSecrets = catalogue.map((process) =>
    process.identifier === 'echo'
      ? { ...process, job: { ...process.job, variables: ['ONE', 'TWO', 'THREE'] } }
      : process,
  );
  ({ stacks } = await samplePlatform(
    { ...installationData, environments: [everyOption, ...others] },
    { catalogue: readsSecrets },
  ));
  policies = Object.entries(stacks).flatMap(([name, stack]) => policiesOf(name, stack));
});

/** Allowing statements, with their resource. */
const allowed = () =>
  policies.flatMap(({ stack, address, statements }) =>
    statements
      .filter(({ Effect }) => Effect === 'Allow')
      .map((statement) => ({ where: `${stack} ${address} ${statement.Sid}`, ...statement })),
  );

describe('every policy of every stack', () => {
  it('the test finds every policy of every stack', () => {
    expect(policies.length).toBeGreaterThan(40);
  });

  it('policies name actions without patterns', () => {
    const patterns = allowed().filter(({ Action }) => Action.some((name) => name.includes('*')));
    expect(patterns.map(({ where }) => where)).toEqual([]);
  });

  it('policies allow any resource only where AWS has no narrower one', () => {
    const any = allowed().filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(new Set(any.flatMap(({ Action }) => Action))).toEqual(
      new Set(['ecr:GetAuthorizationToken', 'batch:DescribeJobs', 'batch:ListJobs']),
    );
  });

  it('policies allow nothing to everyone', () => {
    const open = allowed().filter(({ Principal }) => JSON.stringify(Principal ?? '').includes('*'));
    expect(open.map(({ where }) => where)).toEqual([]);
  });

  it('policies of an environment name no other environment', () => {
    const others = (name: string) =>
      ['dev', 'systest', 'rc', 'prod'].filter((other) => other !== name.toLowerCase());
    const crossing = policies.filter(
      ({ stack, statements }) =>
        stack !== 'SHARED' &&
        others(stack).some((other) => JSON.stringify(statements).includes(`wps-${other}`)),
    );
    expect(crossing).toEqual([]);
  });

  it('services that name the account they act for are trusted for this account only', () => {
    const tasks = allowed().filter(({ Principal }) =>
      JSON.stringify(Principal ?? '').includes('ecs-tasks'),
    );
    expect(tasks).toHaveLength(8);
    for (const { Condition } of tasks) {
      expect(Condition).toEqual({
        StringEquals: {
          'aws:SourceAccount': expect.stringMatching(/aws_caller_identity\.[\w-]+\.account_id\}$/),
        },
      });
    }
  });
});

describe('what starts the containers', () => {
  it('the agent that starts containers may read the secrets that job definitions name, in whole or in part', () => {
    const statement = allowed().find(({ where }) => where.endsWith(' ReadSecrets'));
    expect(statement?.Resource).toEqual([secret]);
  });
});

describe('every bucket', () => {
  it('every bucket and its objects can be reached over TLS only', () => {
    const buckets = policies.filter(({ address }) => address.startsWith('aws_s3_bucket_policy.'));
    expect(buckets).toHaveLength(6);
    for (const { statements } of buckets) {
      expect(statements).toMatchObject([
        {
          Effect: 'Deny',
          Principal: '*',
          Resource: [expect.stringMatching(/\.arn\}$/), expect.stringMatching(/\.arn\}\/\*$/)],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]);
    }
  });
});

describe('what the functions may do', () => {
  /** All statements of a role, by their ids. */
  const statementsIn = (role: string, stack: string) => {
    const statements = Object.values(stacks[stack]?.resource['aws_iam_role_policy'] ?? {})
      .filter((policy) => String(policy['role']).includes(role))
      .flatMap((policy): Statement[] => JSON.parse(String(policy['policy'])).Statement);
    return Object.fromEntries(statements.map((statement) => [statement.Sid, statement]));
  };

  it("the functions' permissions are created and deleted with their environment", () => {
    for (const stack of ['DEV', 'SYSTEST', 'RC', 'PROD']) {
      expect(Object.keys(statementsIn('aws_iam_role.functions_wps_role_', stack))).toEqual(
        expect.arrayContaining(['KeepJobs', 'FindJobs', 'SubmitJobs', 'EndJobs', 'LookAtJobs']),
      );
    }
  });

  it('functions may delete outputs and auxiliary objects, and no other document of a job', () => {
    const { KeepJobs, UnmarkJobs } = statementsIn('aws_iam_role.functions_wps_role_', 'PROD');
    expect(KeepJobs?.Action).toEqual(['s3:GetObject', 's3:PutObject']);
    expect(UnmarkJobs?.Action).toEqual(['s3:DeleteObject']);
    expect([UnmarkJobs?.Resource].flat().map((each) => String(each).split('.arn}')[1])).toEqual([
      '/jobs/*/outputs/*',
      '/unfinished/*',
      '/index/*',
      '/idempotency/*',
      '/callbacks/*',
      '/mail/*',
    ]);
    const deleting = allowed().filter(({ Action }) => Action.includes('s3:DeleteObject'));
    expect(deleting.every(({ where }) => where.endsWith(' UnmarkJobs'))).toBe(true);
  });

  it('functions may read their own configuration, and the one of calls without an alias', () => {
    for (const stack of ['DEV', 'PROD']) {
      const { ReadConfiguration } = statementsIn('aws_iam_role.functions_wps_role_', stack);
      expect(ReadConfiguration?.Resource).toEqual([
        expect.stringMatching(`/${stack}/\\*$`),
        expect.stringMatching(/\/\$LATEST\/\*$/),
      ]);
    }
  });

  it('functions have more permissions than jobs', () => {
    const { WorkOnJobs, ...others } = statementsIn('aws_iam_role.job-roles_job_', 'PROD');
    expect(WorkOnJobs?.Action).toEqual(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload']);
    expect(WorkOnJobs?.Resource).toEqual([expect.stringMatching(/\.arn\}\/jobs\/\*$/)]);
    expect(Object.values(others).flatMap(({ Action }) => Action)).toEqual(['s3:ListBucket']);
  });

  it('jobs may read the buckets that settings name, each once, and change nothing in them', () => {
    const job = statementsIn('aws_iam_role.job-roles_job_', 'DEV');
    const { ReadObjectsOfBuckets, ListBuckets } = job;
    const names = (resources: unknown) =>
      [resources].flat().map((arn) => String(arn).split(':::')[1]);
    expect(ReadObjectsOfBuckets?.Action).toEqual(['s3:GetObject']);
    expect(names(ReadObjectsOfBuckets?.Resource)).toEqual(['archive/*', 'other.archive/*']);
    expect(ListBuckets?.Action).toEqual(['s3:ListBucket']);
    expect(names(ListBuckets?.Resource)).toEqual(['archive', 'other.archive']);
  });

  it("the policies of each role fit AWS's limits", () => {
    for (const [name, stack] of Object.entries(stacks)) {
      const sizes = new Map<string, number>();
      for (const { role, policy } of Object.values(stack.resource['aws_iam_role_policy'] ?? {})) {
        const key = resolved(stack, String(role));
        sizes.set(key, (sizes.get(key) ?? 0) + resolved(stack, String(policy)).length);
      }
      // Characters in all inline policies of a role, with room for an account prefix longer than `wps`.
      for (const [role, size] of sizes) expect(size, `${name} ${role}`).toBeLessThan(10_240 - 500);
    }
  });

  it('functions may only end jobs with the environment’s tag, and only tag jobs with it', () => {
    const { EndJobs, TagSubmissions } = statementsIn('aws_iam_role.functions_wps_role_', 'PROD');
    const tag = jobTags.environment;
    expect(EndJobs?.Condition).toEqual({ StringEquals: { [`aws:ResourceTag/${tag}`]: 'PROD' } });
    expect(TagSubmissions?.Condition).toEqual({
      StringEquals: { [`aws:RequestTag/${tag}`]: 'PROD' },
    });
  });
});
