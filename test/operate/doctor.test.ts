import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { type AwsAccount, openAccount } from '../../stacks/operate/aws-account.ts';
import {
  checkContainerImages,
  checkMachineImage,
  type Releases,
} from '../../stacks/operate/doctor/check-images.ts';
import { type Finding, findings, findingsText } from '../../stacks/operate/doctor/finding.ts';
import { serviceChecks } from '../../stacks/operate/doctor/service-doctor.ts';
import { testJob } from '../../stacks/operate/doctor/test-job.ts';
import { environmentNamed } from '../../stacks/operate/target.ts';
import { grantsThatAllow, roleNamed } from '../stacks/roles.ts';
import { samplePlatform } from '../stacks/sample-platform.ts';
import { answeringAws, awsError } from './answering-aws.ts';
import { operate } from './called-program.ts';
import {
  answersOf,
  buckets,
  configuration,
  digestOf,
  healthy,
  release,
  releaseBefore,
  role,
  type SampleEnvironment,
} from './sample-environment.ts';

let world: SampleEnvironment;
let aws: ReturnType<typeof answeringAws>;
let endpoint: () => Promise<Response>;
beforeAll(() => {
  aws = answeringAws(() => answersOf(world));
});
beforeEach(() => {
  world = healthy;
  endpoint = async () => new Response('');
  vi.spyOn(globalThis, 'fetch').mockImplementation(() => endpoint());
  aws.sent.length = 0;
});
afterEach(() => vi.mocked(fetch).mockRestore());
afterAll(() => aws.end());

async function doctor(): Promise<{ code: number; found: readonly Finding[] }> {
  const { code, printed, told } = await operate(['doctor', 'DEV', '--no-test-job', '--json']);
  if (printed === '') throw new Error(told);
  return { code, found: JSON.parse(printed) };
}

/** The findings that are not `ok`. */
async function wrong() {
  return (await doctor()).found.filter(({ verdict }) => verdict !== 'ok');
}

const deploy = 'npx cdktf deploy DEV';
const small = Object.keys(healthy.queues)[0] ?? '';
const denying = (statement: object) => ({
  policies: {
    ...healthy.policies,
    [buckets.outputs]: { Statement: { Effect: 'Deny', Sid: 'ByHand', ...statement } },
  },
});
const rule = (name: string, state: string, target?: string) => ({
  rules: {
    ...healthy.rules,
    [name]: [state, target ?? healthy.rules[name]?.[1] ?? ''] as const,
  },
});
const queueWith = (change: object) => {
  const before = healthy.queues[small];
  if (!before) throw new Error('there is no small queue');
  return { queues: { ...healthy.queues, [small]: { ...before, ...change } } };
};

interface Breakage {
  readonly what: string;
  readonly change: Partial<SampleEnvironment>;
  readonly subject: string;
  /** Default: broken. */
  readonly verdict?: Finding['verdict'];
  readonly says: RegExp;
  /** Default: a deployment of DEV. */
  readonly mend?: string;
}

const breakages: readonly Breakage[] = [
  {
    what: 'a configuration that offers no process',
    change: {
      objects: {
        [`${buckets.configuration}/DEV/wps.properties`]: configuration.replace(
          /^JOB_DEFINITION.*\n/m,
          '',
        ),
      },
    },
    subject: 'configuration',
    verdict: 'warns',
    says: /offers no process$/,
  },
  {
    what: 'a configuration with a fault',
    change: { objects: { [`${buckets.configuration}/DEV/wps.properties`]: 'JOB_NAME=a' } },
    subject: 'configuration',
    says: /s3:\/\/wps-configuration-.*\/DEV\/wps\.properties.*STATUS_LOCATION/s,
  },
  {
    what: 'an outputs bucket that is gone',
    change: { policies: { ...healthy.policies, [buckets.outputs]: undefined } },
    subject: 'outputs bucket',
    says: /^wps-dev-outputs-.* is not there; no job can be written down/,
  },
  {
    what: 'a configuration bucket that is gone',
    change: { policies: { ...healthy.policies, [buckets.configuration]: undefined } },
    subject: 'configuration bucket',
    says: /is not there; functions cannot read their configuration/,
    mend: 'npx cdktf deploy SHARED',
  },
  {
    what: 'a policy of a bucket that denies an action',
    change: denying({ Action: 's3:PutObject' }),
    subject: 'outputs bucket',
    says: /has a statement "ByHand" that denies s3:PutObject; no job can be written down/,
  },
  {
    what: 'a policy of a bucket that denies all but one action',
    change: denying({ Sid: undefined, NotAction: ['s3:GetObject', 's3:ListBucket'] }),
    subject: 'outputs bucket',
    says: /has a statement without a name that denies all but s3:GetObject, s3:ListBucket/,
  },
  {
    what: 'a policy of a bucket that denies under a condition',
    change: denying({ Action: 's3:*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
    subject: 'outputs bucket',
    verdict: 'warns',
    says: /denies s3:\* under a condition$/,
  },
  {
    what: 'a function without its alias',
    change: { aliases: { 'wps-dev-job-events': '7' } },
    subject: 'function wps-dev-requests',
    says: /^the function or its alias DEV is not there/,
  },
  {
    what: 'an alias at a version without the release, which another version has',
    change: { aliases: { ...healthy.aliases, 'wps-dev-requests': '6' } },
    subject: 'function wps-dev-requests',
    says: /^alias DEV is at version 6, which is not the release’s code \(commit c0ffee1\)/,
    mend: 'aws lambda update-alias --function-name wps-dev-requests --name DEV --function-version 7',
  },
  {
    what: 'an alias at a version without the release, which no version has',
    change: {
      aliases: { ...healthy.aliases, 'wps-dev-job-events': '6' },
      versions: { 6: 'package-2', 7: 'package-3' },
    },
    subject: 'function wps-dev-job-events',
    says: /version 6, which is not the release’s code/,
  },
  {
    what: 'a version that failed to start',
    change: { state: 'Failed' },
    subject: 'function wps-dev-requests',
    says: /^version 7 is Failed: for a reason/,
  },
  {
    what: 'a function whose calls are all throttled',
    change: { reserved: 0 },
    subject: 'function wps-dev-requests',
    says: /^no executions are reserved for it/,
  },
  {
    what: 'a function that API Gateway may not call',
    change: {
      callers: { ...healthy.callers, 'wps-dev-requests': 'events.amazonaws.com' },
    },
    subject: 'function wps-dev-requests',
    says: /^API Gateway may not call alias DEV: each request gets HTTP 500/,
  },
  {
    what: 'a function that EventBridge may not call',
    change: { callers: { 'wps-dev-requests': 'apigateway.amazonaws.com' } },
    subject: 'function wps-dev-job-events',
    says: /^EventBridge may not call alias DEV: the states of jobs are late/,
  },
  {
    what: 'a disabled rule',
    change: rule('wps-dev-job-changes', 'DISABLED'),
    subject: 'rule wps-dev-job-changes',
    says: /^it is disabled: statuses of jobs are late/,
    mend: 'aws events enable-rule --name wps-dev-job-changes',
  },
  {
    what: 'a rule that calls another environment',
    change: rule(
      'wps-dev-job-sweep',
      'ENABLED',
      'arn:aws:lambda:x:1:function:wps-prod-job-events:PROD',
    ),
    subject: 'rule wps-dev-job-sweep',
    says: /^it does not call function:wps-dev-job-events:DEV: a job whose events were lost/,
  },
  {
    what: 'a rule that is gone',
    change: {
      rules: Object.fromEntries(
        Object.entries(healthy.rules).filter(([name]) => name !== 'wps-dev-job-changes'),
      ),
    },
    subject: 'rule wps-dev-job-changes',
    says: /^it is not there: statuses of jobs are late/,
  },
  {
    what: 'a disabled rule that only an alarm needs',
    change: rule('wps-dev-blocked-queues', 'DISABLED'),
    subject: 'rule wps-dev-blocked-queues',
    verdict: 'warns',
    says: /^it is disabled: no alarm goes off for a stuck queue/,
    mend: 'aws events enable-rule --name wps-dev-blocked-queues',
  },
  {
    what: 'a queue that is gone',
    change: {
      queues: Object.fromEntries(Object.entries(healthy.queues).filter(([name]) => name !== small)),
    },
    subject: 'queue wps-dev-small',
    says: /^it is not there, and its jobs are refused/,
  },
  {
    what: 'a disabled queue',
    change: queueWith({ state: 'DISABLED' }),
    subject: 'queue wps-dev-small',
    says: /^it is disabled: Batch takes no job for it/,
    mend: 'aws batch update-job-queue --job-queue wps-dev-small --state ENABLED',
  },
  {
    what: 'an invalid queue',
    change: queueWith({ status: 'INVALID', statusReason: 'no role' }),
    subject: 'queue wps-dev-small',
    says: /^it is INVALID: no role$/,
  },
  {
    what: 'an invalid queue for which Batch gives no reason',
    change: queueWith({ status: 'DELETING' }),
    subject: 'queue wps-dev-small',
    says: /^it is DELETING: $/,
  },
  {
    what: 'a queue without machines',
    change: queueWith({ machines: [] }),
    subject: 'queue wps-dev-small',
    says: /^it has no machines$/,
  },
  {
    what: 'disabled machines',
    change: { machines: { ...healthy.machines, 'machines-small': ['DISABLED', 'VALID'] } },
    subject: 'queue wps-dev-small',
    says: /^its machines machines-small are disabled: jobs wait for ever/,
    mend: 'aws batch update-compute-environment --compute-environment machines-small --state ENABLED',
  },
  {
    what: 'invalid machines',
    change: { machines: { ...healthy.machines, 'machines-small': ['ENABLED', 'INVALID'] } },
    subject: 'queue wps-dev-small',
    says: /^its machines machines-small are INVALID: for a reason$/,
  },
  {
    what: 'a job definition that is no longer active',
    change: { definition: { ...healthy.definition, status: 'INACTIVE' } },
    subject: 'process echo',
    says: /^its job definition is not active, and Batch refuses its jobs/,
  },
  {
    what: 'a container image that is named by its tag',
    change: { definition: { ...healthy.definition, image: 'registry/wps/echo:0.1.0' } },
    subject: 'process echo',
    verdict: 'warns',
    says: /^its image registry\/wps\/echo:0\.1\.0 is named by no digest/,
  },
  {
    what: 'a container image that is gone',
    change: { digests: [digestOf('2')] },
    subject: 'process echo',
    says: /^its image wps\/echo@sha256:1{64} is not in the registry$/,
    mend: `npm run images -- --only echo && ${deploy}`,
  },
  {
    what: 'a log of the jobs that is gone, beside one whose name begins so',
    change: { logGroups: ['/aws/batch/wps-dev-jobs-of-another'] },
    subject: 'log /aws/batch/wps-dev-jobs',
    says: /^it is not there, and no container of a job starts/,
  },
  {
    what: 'a machine image that is gone, where the newest one is there',
    change: {
      machineImages: { 'ami-3': 'available' },
      parameters: { ...healthy.parameters, '/imagebuilder/wps/job-image': 'ami-3' },
    },
    subject: 'machine image',
    says: /^ami-1 is not there; no machine starts from it$/,
    mend: 'npm run operate -- promote DEV',
  },
  {
    what: 'a machine image that is pending, and no other',
    change: { machineImages: { 'ami-1': 'pending' } },
    subject: 'machine image',
    says: /^ami-1 is pending; .*\/imagebuilder\/wps\/job-image names none that is; build one/,
    mend: 'aws imagebuilder start-image-pipeline-execution --image-pipeline-arn arn:aws:imagebuilder:ap-southeast-2:123456789012:image-pipeline/wps-job-image',
  },
  {
    what: 'a quota below what is kept up',
    change: { quotas: { ...healthy.quotas, 'ec2 L-1216C47A': 1 } },
    subject: 'on-demand vCPUs',
    says: /^1 are allowed, and \d+ are kept up/,
    mend: 'npm run operate -- preflight',
  },
];

describe('the doctor of an environment', () => {
  it('the doctor finds a healthy environment in order, and ends with code 0', async () => {
    const { code, found } = await doctor();
    expect(found.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect(found.map(({ subject }) => subject)).toEqual([
      'release',
      'process echo',
      'configuration',
      'function wps-dev-requests',
      'function wps-dev-job-events',
      'rule wps-dev-job-changes',
      'rule wps-dev-job-sweep',
      'rule wps-dev-failed-jobs',
      'rule wps-dev-blocked-queues',
      'machine image',
      'on-demand vCPUs',
      'Spot vCPUs',
      'Lambda concurrency',
      'outputs bucket',
      'configuration bucket',
      'log /aws/batch/wps-dev-jobs',
      'queue wps-dev-small',
      'queue wps-dev-timeseries',
      'queue wps-dev-large',
      'role wps-dev-requests',
      'role wps-dev-job-events',
      'role wps-dev-job',
      'role wps-dev-execution',
      'endpoint',
    ]);
  });

  it.each(breakages.map((each) => [each.what, each] as const))(
    'the doctor finds %s, and names the command that mends it',
    async (_, { change, subject, verdict = 'broken', says, mend = deploy }) => {
      world = { ...healthy, ...change };
      const { code, found } = await doctor();
      expect(found.filter((each) => each.subject === subject)).toEqual([
        { subject, verdict, message: expect.stringMatching(says), mend },
      ]);
      expect(code).toBe(verdict === 'broken' ? 1 : 0);
    },
  );

  it('the doctor accepts functions that sleep, and functions without reserved executions', async () => {
    world = { ...healthy, state: 'Inactive', reserved: undefined };
    expect(await wrong()).toEqual([]);
  });

  it('the doctor accepts a policy of a bucket that denies nothing', async () => {
    const allowed = { Effect: 'Allow', Action: 's3:GetObject' };
    for (const policy of [{ Version: '2012-10-17' }, { Statement: allowed }]) {
      world = { ...healthy, policies: { ...healthy.policies, [buckets.outputs]: policy } };
      expect(await wrong()).toEqual([]);
    }
  });

  it('the doctor asks for a deployment of an environment that was never deployed', async () => {
    world = { ...healthy, history: {}, objects: {}, aliases: {}, rules: {} };
    const { code, found } = await doctor();
    expect(code).toBe(1);
    expect(found.filter(({ verdict }) => verdict === 'broken').map(({ mend }) => mend)).toEqual(
      Array(6).fill(deploy),
    );
    expect(found.find(({ subject }) => subject === 'release')?.message).toMatch(/recorded none/);
  });

  it('a check that AWS refuses is unknown, and the others are made', async () => {
    const { 'lambda GetAlias': _, ...others } = answersOf(healthy);
    aws.end();
    aws = answeringAws(() => ({
      ...others,
      'lambda GetAlias': () => {
        throw awsError('AccessDeniedException', 'no\nmore');
      },
    }));
    const { code, found } = await doctor();
    aws.end();
    aws = answeringAws(() => answersOf(world));
    expect(code).toBe(0);
    expect(found.filter(({ verdict }) => verdict !== 'ok')).toEqual([
      {
        subject: 'functions',
        verdict: 'unknown',
        message: 'could not be looked at (AccessDeniedException: no)',
      },
    ]);
  });

  it('an endpoint that answers with a fault of the server is broken, and a refusal is an answer', async () => {
    endpoint = async () => new Response('', { status: 403 });
    expect(await wrong()).toEqual([]);
    endpoint = async () => new Response('', { status: 500 });
    expect(await wrong()).toEqual([
      {
        subject: 'endpoint',
        verdict: 'broken',
        message:
          'https://wps.example.org/DEV/wps?service=WPS&request=GetCapabilities answers with HTTP 500',
        mend: 'aws logs tail /aws/lambda/wps-dev-requests --since 10m',
      },
    ]);
    endpoint = async () => {
      throw new TypeError('fetch failed', { cause: new Error('no such host') });
    };
    expect(await wrong()).toEqual([
      {
        subject: 'endpoint',
        verdict: 'unknown',
        message: 'https://wps.example.org/DEV/ does not answer from here (no such host)',
      },
    ]);
  });

  it('the doctor names what a role may not do', async () => {
    world = { ...healthy, denied: ['ecr:BatchGetImage', 'sqs:SendMessage'] };
    expect(await wrong()).toEqual([
      {
        subject: 'role wps-dev-job-events',
        verdict: 'broken',
        message:
          'it may not sqs:SendMessage on arn:aws:sqs:ap-southeast-2:123456789012:wps-dev-dead-job-events',
        mend: deploy,
      },
      {
        subject: 'role wps-dev-execution',
        verdict: 'broken',
        message:
          'it may not ecr:BatchGetImage on arn:aws:ecr:ap-southeast-2:123456789012:repository/wps/echo',
        mend: deploy,
      },
    ]);
  });

  it('the doctor asks whether each role may do what its code does, and for nothing that the stack does not allow', async () => {
    await doctor();
    const { stacks } = await samplePlatform();
    const asked = aws.sent.filter(({ call }) => call === 'iam SimulatePrincipalPolicy');
    const actions: Record<string, Set<string>> = {};
    for (const { input } of asked) {
      const { PolicySourceArn, ActionNames, ResourceArns, ContextEntries } = input as {
        PolicySourceArn: string;
        ActionNames: string[];
        ResourceArns: string[];
        ContextEntries: { ContextKeyName: string; ContextKeyValues: string[] }[];
      };
      const name = PolicySourceArn.split('/').at(-1) ?? '';
      const context = Object.fromEntries(
        ContextEntries.map((each) => [each.ContextKeyName, each.ContextKeyValues[0] ?? '']),
      );
      for (const action of ActionNames) {
        actions[name] = (actions[name] ?? new Set()).add(action);
        for (const resource of ResourceArns) {
          const call = { action, resource, context };
          const allowing = await grantsThatAllow(roleNamed(name, stacks), call);
          expect(allowing.length, `${name} ${action} ${resource}`).toBeGreaterThan(0);
        }
      }
    }
    const documents = ['s3:GetObject', 's3:ListBucket', 's3:PutObject'];
    const writesLog = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    const followsJobs = [
      ...['batch:DescribeJobs', 'batch:ListJobs', 'batch:TerminateJob', 's3:DeleteObject'],
      ...documents,
      ...writesLog,
    ];
    expect(
      Object.fromEntries(Object.entries(actions).map(([name, of]) => [name, [...of].sort()])),
    ).toEqual({
      'wps-dev-requests': [
        ...['batch:GetJobQueueSnapshot', 'batch:SubmitJob', 'batch:TagResource'],
        ...followsJobs,
      ].sort(),
      'wps-dev-job-events': [...followsJobs, 'sqs:SendMessage'].sort(),
      'wps-dev-job': documents,
      'wps-dev-execution': [
        ...['ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer'],
        ...writesLog,
      ],
    });
    const submitted = asked
      .filter(({ input }) => (input['ActionNames'] as string[]).includes('batch:SubmitJob'))
      .map(({ input }) => (input['ResourceArns'] as string[])[0]?.split(':').slice(5).join(':'));
    expect(submitted).toEqual([
      'job-queue/wps-dev-small',
      'job-queue/wps-dev-timeseries',
      'job-queue/wps-dev-large',
      'job-definition/wps-dev-echo:3',
    ]);
    expect(role('job')).toBe('arn:aws:iam::123456789012:role/wps-dev-job');
  });
});

describe('an image that is gone', () => {
  const history = [release, releaseBefore].map((each, at) => ({
    version: 2 - at,
    recordedAt: '',
    release: each,
  }));
  const opened = (): Promise<AwsAccount> =>
    openAccount(environmentNamed('DEV', parseInstallation(installationData)));
  const ofContainer = async (takes: Releases['takes']) => {
    const [arn = ''] = /arn:.*job-definition.*/.exec(configuration) ?? [];
    const definition = {
      jobDefinitionArn: arn,
      jobDefinitionName: 'wps-dev-echo',
      revision: 3,
      type: 'container',
      status: 'ACTIVE',
      containerProperties: { image: healthy.definition.image },
    };
    const definitions = [{ process: 'echo', definition }];
    const [found] = await checkContainerImages(await opened(), definitions, { takes, history });
    return found?.mend;
  };
  const ofMachine = async (takes: Releases['takes']) =>
    (await checkMachineImage(await opened(), { takes, history }))[0]?.mend;

  it('a container image that is gone leads to the newest earlier release that has one, or to a promotion', async () => {
    world = { ...healthy, digests: [digestOf('2')] };
    const rollback = 'npm run operate -- rollback DEV --to 1 --parts processImages';
    expect(await ofContainer({ shipped: 'promoted', pinned: 'promoted' })).toBe(rollback);
    expect(await ofContainer({ shipped: 'newest', pinned: 'pinned' })).toBe(rollback);
    world = { ...healthy, digests: [] };
    expect(await ofContainer({ shipped: 'promoted', pinned: 'promoted' })).toBe(
      'npm run operate -- promote DEV',
    );
    expect(await ofContainer({ shipped: 'newest', pinned: 'pinned' })).toBe(
      'npm run images -- --only echo && npm run operate -- promote DEV',
    );
  });

  it('a machine image that is gone leads to the newest earlier release that has one, or to a promotion', async () => {
    world = { ...healthy, machineImages: { 'ami-2': 'available' } };
    const rollback = 'npm run operate -- rollback DEV --to 1 --parts machineImages';
    expect(await ofMachine({ shipped: 'promoted', pinned: 'promoted' })).toBe(rollback);
    expect(await ofMachine({ shipped: 'newest', pinned: 'pinned' })).toBe(rollback);
    expect(await ofMachine({ shipped: 'newest', pinned: 'newest' })).toMatch(/^aws imagebuilder/);
    world = { ...healthy, machineImages: {} };
    expect(await ofMachine({ shipped: 'promoted', pinned: 'promoted' })).toBe(
      'npm run operate -- promote DEV',
    );
  });

  it('an environment without a machine image of its own has none to check', async () => {
    const without = { ...release, machineImages: { ...release.machineImages, dataVolume: 'none' } };
    const takes = { shipped: 'newest', pinned: 'newest' } as const;
    const recorded = [{ version: 1, recordedAt: '', release: without }];
    expect(await checkMachineImage(await opened(), { takes, history: recorded })).toEqual([]);
    expect(await checkMachineImage(await opened(), { takes, history: [] })).toEqual([]);
  });
});

describe('the doctor of a service on one machine', () => {
  const service = { kind: 'service', baseUrl: 'http://127.0.0.1:9/', headers: {} } as const;
  const checks = (dataDir?: string, asksForJobs = true) =>
    serviceChecks(dataDir === undefined ? service : { ...service, dataDir }, {
      testJob: asksForJobs,
      seconds: 1,
    });
  const folder = async (dataDir: string) => (await checks(dataDir)[0]?.run())?.[0];

  it('a data folder that is there is in order, with the space that is left', async () => {
    expect(await folder(import.meta.dirname)).toMatchObject({
      subject: 'data folder',
      message: expect.stringMatching(/GiB/),
    });
    expect((await folder(import.meta.dirname))?.verdict).toMatch(/^(ok|warns)$/);
  });

  it('a data folder that is gone, or is a file, is broken, and a start with it mends it', async () => {
    for (const gone of ['/no/such/folder', import.meta.filename]) {
      expect(await folder(gone)).toEqual({
        subject: 'data folder',
        verdict: 'broken',
        message: `${gone} is not there`,
        mend: `npm start -- --data-dir ${gone}`,
      });
    }
  });

  it('a service that does not answer is broken, and jobs are run only if asked for', async () => {
    endpoint = async () => {
      throw new TypeError('fetch failed', { cause: new Error('refused') });
    };
    const [first] = checks();
    expect(await first?.run()).toMatchObject([{ verdict: 'broken', mend: 'npm start' }]);
    const names = checks(undefined, false).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => /execut/i.test(name))).toEqual([]);
    expect(checks().length).toBeGreaterThan(names.length);
  });
});

describe('the test job', () => {
  const examine = (statuses: readonly string[], seconds = 900) => {
    const told: string[] = [];
    let at = 0;
    const show = async (jobID: string) => {
      const status = statuses[Math.min(at++, statuses.length - 1)];
      return { jobID, status, message: `is ${status}` } as never;
    };
    const start = async () => ({ jobID: 'one' });
    const check = testJob({
      start,
      jobs: { show },
      seconds,
      target: '--env DEV',
      tell: (text) => told.push(text),
    });
    return findings(check).then((found) => ({ found, told }));
  };

  it('a test job that runs to its output is in order', async () => {
    expect((await examine(['successful'])).found).toEqual([
      { subject: 'test job', verdict: 'ok', message: 'one ran to its output' },
    ]);
  });

  it('a test job that fails is broken, and its log says why', async () => {
    expect((await examine(['failed'])).found).toEqual([
      {
        subject: 'test job',
        verdict: 'broken',
        message: 'one ended as failed: is failed',
        mend: 'npm run operate -- logs one --env DEV',
      },
    ]);
  });

  it('a test job that has not ended in its time is a warning, since machines may have to start', async () => {
    expect((await examine(['accepted'], 0)).found).toEqual([
      {
        subject: 'test job',
        verdict: 'warns',
        message: 'one is accepted after 0 s: is accepted',
        mend: 'npm run operate -- jobs show one --env DEV',
      },
    ]);
  });
});

it('findings are printed with the broken ones last and counted', () => {
  const found: readonly Finding[] = [
    { subject: 'a', verdict: 'broken', message: 'is gone', mend: 'mend a' },
    { subject: 'b', verdict: 'warns', message: 'is old', mend: 'mend b' },
    { subject: 'c', verdict: 'ok', message: 'is there' },
    { subject: 'd', verdict: 'unknown', message: 'is hidden' },
  ];
  expect(findingsText(found).split('\n')).toEqual([
    'ok      c: is there',
    'unknown d: is hidden',
    'warns   b: is old',
    '        mend: mend b',
    'broken  a: is gone',
    '        mend: mend a',
    '',
    '1 broken, 1 to look at, 1 unknown.',
  ]);
  expect(findingsText(found.slice(1)).split('\n').at(-1)).toBe(
    'Nothing is broken; 1 to look at, 1 unknown.',
  );
});
