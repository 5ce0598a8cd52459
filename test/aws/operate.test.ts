import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  type JobDetail,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { BatchDeleteImageCommand } from '@aws-sdk/client-ecr';
import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  RemovePermissionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../stacks/operate/doctor/finding.ts';
import {
  documentedCommands,
  operateArguments,
  runbookCommands,
} from '../docs/documented-commands.ts';
import { faultOfCall, operate } from '../operate/called-program.ts';
import { type BatchAgents, startBatchAgents } from './batch-agents.ts';
import { emulatedAccount } from './emulator.ts';
import { type EmulatorGaps, startEmulatorGaps } from './emulator-gaps.ts';
import { contextOf, functionVariables, jobEvent } from './function-calls.ts';
import {
  createOperatedEnvironment,
  devBuckets,
  devCallers,
  devJobLog,
  devRules,
  type OperatedEnvironment,
} from './operated-environment.ts';

let agents: BatchAgents;
let gaps: EmulatorGaps;
let dev: OperatedEnvironment;
let follow: (detail: Partial<JobDetail>) => Promise<void> = async () => undefined;
beforeAll(async () => {
  agents = await startBatchAgents((detail) => follow(detail));
  gaps = await startEmulatorGaps(agents.emulator.endpoint);
  dev = await createOperatedEnvironment(agents.emulator);
  for (const [name, value] of Object.entries({
    ...functionVariables(agents.emulator, devBuckets.configuration),
    AWS_ENDPOINT_URL_IAM: gaps.endpoint,
  })) {
    vi.stubEnv(name, value);
  }
  const { handler } = await import('../../lambda/job-events.ts');
  follow = (detail) =>
    handler(jobEvent('Batch Job State Change', detail), contextOf('wps-dev-job-events:DEV'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await gaps?.stop();
  await agents?.stop();
});

const json = async (...args: readonly string[]) => {
  const { printed, told, code } = await operate([...args, '--json']);
  expect(code, told).toBe(0);
  return JSON.parse(printed);
};

async function doctor(...options: readonly string[]) {
  const { code, printed, told } = await operate(['doctor', 'DEV', '--json', ...options]);
  const found: readonly Finding[] = JSON.parse(printed || '[]');
  return { code, told, found, broken: found.filter(({ verdict }) => verdict === 'broken') };
}

describe('an environment in AWS', () => {
  it('the doctor finds an environment in order, with a job that runs to its output', async () => {
    const { code, broken, found } = await doctor('--job-seconds', '60');
    expect(broken).toEqual([]);
    expect(code).toBe(0);
    // The emulator has no quotas, and nothing answers at the endpoint.
    const notOk = found.filter(({ verdict }) => verdict !== 'ok').map(({ subject }) => subject);
    expect(notOk.sort()).toEqual([
      'Lambda concurrency',
      'Spot vCPUs',
      'endpoint',
      'on-demand vCPUs',
    ]);
    expect(found.at(-1)).toMatchObject({ subject: 'test job', verdict: 'ok' });
    expect(found.filter(({ subject }) => subject.startsWith('role '))).toHaveLength(4);
  });

  it("operators' commands show an environment's release, aliases, queues and machine image", async () => {
    // Batch learns that a container has ended shortly after the record does.
    const running = async () => (await json('status', 'dev')).queues[0].jobs.RUNNING;
    await expect.poll(running).toBe(0);
    expect(await json('status', 'dev')).toMatchObject({
      environment: 'DEV',
      account: emulatedAccount,
      takes: 'the newest',
      release: { version: 1, release: { functions: { commit: 'c0ffee' } } },
      newestCommit: 'c0ffee',
      aliases: [
        { functionName: 'wps-dev-requests', version: '1', runsRelease: true },
        { functionName: 'wps-dev-job-events', version: '1', runsRelease: true },
      ],
      queues: [
        { name: 'wps-dev-small', state: 'ENABLED', status: 'VALID', jobs: { RUNNING: 0 } },
        { name: 'wps-dev-timeseries' },
        { name: 'wps-dev-large' },
      ],
      machineImage: { inUse: dev.release.machineImages.dataVolume },
    });
    const { printed } = await operate(['status', '--env', 'DEV']);
    expect(printed).toMatch(/^release +version 1, recorded .*, commit c0ffee$/m);
    expect(printed).toMatch(/^machine image +ami-\w+, the newest$/m);
    expect(printed).toMatch(/^alias +wps-dev-requests: version 1, which runs the release$/m);
    expect(printed).toMatch(/^wps-dev-small +ENABLED +VALID +0 +0 +0 +0 +0$/m);
    expect(Math.max(...printed.split('\n').map((line) => line.length))).toBeLessThan(120);
  });

  it("operators' commands list, show, run again and dismiss jobs of an environment, regardless of owner", async () => {
    const [first] = await json('jobs', 'list', '--env', 'DEV');
    expect(first).toMatchObject({ processID: 'echo', status: 'successful' });
    expect(await json('jobs', 'show', first.jobID, '--env', 'DEV')).toMatchObject({
      engine: { status: 'SUCCEEDED', queue: 'wps-dev-small', attempts: 1 },
    });
    const again = await json('jobs', 'run-again', first.jobID, '--env', 'DEV');
    expect(again.jobID).not.toBe(first.jobID);
    // The emulator keeps no log of a container.
    const silent = `Job ${again.jobID} is successful: The outputs are ready. It has logged nothing.`;
    const followed = await operate(['logs', again.jobID, '--follow', '--env', 'DEV']);
    expect(followed.told.split('\n').at(-1)).toBe(silent);
    expect((await operate(['logs', again.jobID, '--env', 'DEV'])).told).toBe(silent);
    expect(await json('jobs', 'show', again.jobID, '--env', 'DEV')).toMatchObject({
      status: 'successful',
    });
    const outputs = async () =>
      (await dev.buckets.list(devBuckets.outputs, `jobs/${again.jobID}/outputs/`)).length;
    expect(await outputs()).toBeGreaterThan(0);
    expect(await json('jobs', 'dismiss', again.jobID, '--yes', '--env', 'DEV')).toMatchObject([
      { status: 'dismissed' },
    ]);
    expect(await outputs()).toBe(0);
    const unknown = await operate(['jobs', 'show', 'nothing', '--env', 'DEV']);
    expect(unknown).toMatchObject({
      code: 1,
      told: expect.stringMatching(/^There is no job "nothing": /),
    });
  });

  it("operators' commands show the container logs of a job", async () => {
    const {
      CloudWatchLogsClient,
      CreateLogGroupCommand,
      CreateLogStreamCommand,
      PutLogEventsCommand,
    } = await import('@aws-sdk/client-cloudwatch-logs');
    const logs = new CloudWatchLogsClient({});
    const [{ jobID }] = await json('jobs', 'list', '--env', 'DEV', '--status', 'successful');
    const logGroupName = '/aws/batch/wps-dev-jobs';
    await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(() => undefined);
    // The log stream that the emulator names for a job, and another whose job Batch has forgotten.
    const { DescribeJobsCommand } = await import('@aws-sdk/client-batch');
    const { engine } = await json('jobs', 'show', jobID, '--env', 'DEV');
    const { jobs } = await dev.batch.send(new DescribeJobsCommand({ jobs: [engine.jobId] }));
    const logStreamName = jobs?.[0]?.container?.logStreamName ?? 'echo/default/1';
    await logs
      .send(new CreateLogStreamCommand({ logGroupName, logStreamName }))
      .catch(() => undefined);
    await logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: [
          {
            timestamp: Date.now(),
            message: JSON.stringify({ jobId: jobID, message: 'printed here' }),
          },
        ],
      }),
    );
    const { printed } = await operate(['jobs', 'logs', jobID, '--env', 'DEV']);
    expect(printed).toContain('printed here');
  });

  it("operators' commands store a notice where the functions of an environment read it", async () => {
    await json('notice', 'set', 'Down on Sunday.', '--severity', 'critical', '--env', 'DEV');
    expect(JSON.parse(await dev.buckets.read(devBuckets.configuration, 'DEV/notice.json'))).toEqual(
      {
        text: 'Down on Sunday.',
        severity: 'critical',
      },
    );
    const { handler } = await import('../../lambda/handler.ts');
    const { body } = await handler(
      {
        httpMethod: 'GET',
        path: '/',
        headers: { accept: 'application/json' },
        queryStringParameters: null,
      } as never,
      contextOf('wps-dev-requests:DEV'),
    );
    expect(body).toContain('Important: Down on Sunday.');
    await json('notice', 'clear', '--yes', '--env', 'DEV');
    expect(await json('notice', 'show', '--env', 'DEV')).toBeNull();
  });

  it("operators' commands refuse the credentials of another account", async () => {
    const { environmentNamed } = await import('../../stacks/operate/target.ts');
    const { openAccount } = await import('../../stacks/operate/aws-account.ts');
    const { installationData } = await import('../../environments/index.ts');
    const { parseInstallation } = await import('../../environments/installation.ts');
    const target = environmentNamed('DEV', parseInstallation(installationData));
    const elsewhere = {
      ...target.environment,
      account: { ...target.environment.account, id: '222222222222' },
    };
    await expect(openAccount({ ...target, environment: elsewhere })).rejects.toThrow(
      /The credentials are of account 123456789012, and DEV is in 222222222222/,
    );
  });
});

describe('the runbooks', () => {
  it('every operators’ command in the runbooks runs', async () => {
    const [{ jobID }] = await json('jobs', 'list', '--env', 'DEV', '--status', 'successful');
    const ran: string[] = [];
    for (const command of runbookCommands()) {
      const args = operateArguments(command);
      // Commands that deploy are tested where Terraform is available, and those for a data folder with the
      // service on one machine.
      if (!args || args.includes('--data-dir') || args[0] === 'drift' || args[0] === 'promote')
        continue;
      if (args[0] === 'rollback' && !args.includes('--dry-run')) continue;
      const call = args.map((word) => (word === 'PROD' ? 'DEV' : isJob(word) ? jobID : word));
      const quick = call[0] === 'doctor' ? [...call, '--no-test-job'] : call;
      if (ran.includes(quick.join(' '))) continue;
      ran.push(quick.join(' '));
      const asked = ['dismiss', 'clear', 'set'].includes(call[1] ?? '')
        ? [...quick, '--yes']
        : quick;
      if (call[1] === 'dismiss') continue;
      const { code, told, printed } = await operate(asked);
      // There is no earlier release to roll back to, and an account of the emulator has no role for logs.
      const isExpected = code === 0 || call[0] === 'rollback' || call[0] === 'preflight';
      expect({ isExpected, told, printed }, asked.join(' ')).toMatchObject({ isExpected: true });
    }
    expect(ran.length).toBeGreaterThan(8);
  });

  it('every AWS CLI command in the runbooks exists, with the options shown', () => {
    const commands = [
      ...runbookCommands(),
      ...documentedCommands(['operations/going-back.md']),
      ...breakages.map(({ mend }) => ({ page: 'doctor', line: mend, words: mend.split(' ') })),
    ].filter(({ words }) => words[0] === 'aws');
    expect(commands.length).toBeGreaterThan(30);
    const faults = (lines: readonly (readonly string[])[]) => {
      const { stdout, stderr } = spawnSync(
        'python3',
        [join(import.meta.dirname, 'aws_commands.py')],
        {
          input: JSON.stringify(lines),
          encoding: 'utf8',
        },
      );
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };
    expect(faults(commands.map(({ words }) => words))).toEqual([]);
    expect(
      faults([
        ['aws', 'lambda', 'update-alias', '--function', 'a'],
        ['aws', 'batch', 'stop-queue'],
      ]),
    ).toHaveLength(2);
  });
});

const isJob = (word: string) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(word);

interface Breakage {
  readonly what: string;
  readonly breaks: () => Promise<unknown>;
  readonly mends: () => Promise<unknown>;
  readonly subject: string;
  readonly message: RegExp;
  readonly mend: string;
}

const imageParameter = '/imagebuilder/wps/job-image';
const configurationKey = 'DEV/wps.properties';
let configuration: string;
let policy: string;
const queue = (state: 'ENABLED' | 'DISABLED') => () =>
  dev.batch.send(new UpdateJobQueueCommand({ jobQueue: 'wps-dev-small', state }));
const machines = (state: 'ENABLED' | 'DISABLED') => () =>
  dev.batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'emulated', state }));
const requestsAt = (FunctionVersion: string) => () =>
  dev.lambda.send(
    new UpdateAliasCommand({ FunctionName: 'wps-dev-requests', Name: 'DEV', FunctionVersion }),
  );
const putConfiguration = (text: () => string) => () =>
  dev.buckets.put(devBuckets.configuration, configurationKey, text());

const logs = () => new CloudWatchLogsClient({});

const withoutTarget = (rule: string) => async () => {
  await dev.events.send(new RemoveTargetsCommand({ Rule: rule, Ids: ['own'] }));
};
const withTarget = (Rule: string) => async () => {
  await dev.events.send(new PutRuleCommand({ Name: Rule, ScheduleExpression: 'rate(5 minutes)' }));
  await dev.events.send(
    new PutTargetsCommand({ Rule, Targets: [{ Id: 'own', Arn: devRules[Rule] }] }),
  );
};

const breakages: readonly Breakage[] = [
  {
    what: 'a deleted configuration',
    breaks: async () => {
      configuration = await dev.buckets.read(devBuckets.configuration, configurationKey);
      const object = { Bucket: devBuckets.configuration, Key: configurationKey };
      await new S3Client({}).send(new DeleteObjectCommand(object));
    },
    mends: putConfiguration(() => configuration),
    subject: 'configuration',
    message: /s3:\/\/wps-configuration-.*\/DEV\/wps\.properties is not there/,
    mend: 'npx cdktf deploy DEV',
  },
  {
    what: 'a configuration with a fault',
    breaks: putConfiguration(() => `${configuration}\nSYNC_TIMEOUT_SECONDS=never`),
    mends: putConfiguration(() => configuration),
    subject: 'configuration',
    message: /SYNC_TIMEOUT_SECONDS.*never/s,
    mend: 'npx cdktf deploy DEV',
  },
  {
    what: 'a disabled queue',
    breaks: queue('DISABLED'),
    mends: queue('ENABLED'),
    subject: 'queue wps-dev-small',
    message: /disabled: Batch takes no job/,
    mend: 'aws batch update-job-queue --job-queue wps-dev-small --state ENABLED',
  },
  {
    what: 'disabled machines',
    breaks: machines('DISABLED'),
    mends: machines('ENABLED'),
    subject: 'queue wps-dev-small',
    message: /machines emulated are disabled/,
    mend: 'aws batch update-compute-environment --compute-environment emulated --state ENABLED',
  },
  {
    what: 'an alias on a version without the release',
    breaks: async () => {
      const { Version = '' } = await dev.lambda.send(
        new UpdateFunctionCodeCommand({
          FunctionName: 'wps-dev-requests',
          ZipFile: zipSync({ 'handler.js': strToU8('another') }),
          Publish: true,
        }),
      );
      await requestsAt(Version)();
    },
    mends: requestsAt('1'),
    subject: 'function wps-dev-requests',
    message: /alias DEV is at version 2, which is not the release’s code \(commit c0ffee\)/,
    mend: 'aws lambda update-alias --function-name wps-dev-requests --name DEV --function-version 1',
  },
  {
    what: 'a removed permission of a role',
    breaks: async () => {
      const own = { RoleName: 'wps-dev-job-events', PolicyName: 'own' };
      const { PolicyDocument = '' } = await dev.iam.send(new GetRolePolicyCommand(own));
      policy = decodeURIComponent(PolicyDocument);
      await dev.iam.send(new DeleteRolePolicyCommand(own));
    },
    mends: () =>
      dev.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'wps-dev-job-events',
          PolicyName: 'own',
          PolicyDocument: policy,
        }),
      ),
    subject: 'role wps-dev-job-events',
    message: /may not .*sqs:SendMessage on arn:aws:sqs:.*:wps-dev-dead-job-events/,
    mend: 'npx cdktf deploy DEV',
  },
  ...devCallers.map(
    (caller): Breakage => ({
      what: `a removed permission of ${caller.Principal}`,
      breaks: () => dev.lambda.send(new RemovePermissionCommand(caller)),
      mends: () => dev.lambda.send(new AddPermissionCommand(caller)),
      subject: `function ${caller.FunctionName}`,
      message: /(API Gateway|EventBridge) may not call alias DEV: /,
      mend: 'npx cdktf deploy DEV',
    }),
  ),
  ...(
    [
      ['outputs bucket', devBuckets.outputs, 'DEV', /denies s3:PutObject; no job can be written/],
      [
        'configuration bucket',
        devBuckets.configuration,
        'SHARED',
        /denies s3:PutObject; functions/,
      ],
    ] as const
  ).map(
    ([subject, Bucket, stack, message]): Breakage => ({
      what: `a policy that refuses writing to the ${subject}`,
      breaks: () =>
        new S3Client({}).send(
          new PutBucketPolicyCommand({
            Bucket,
            Policy: JSON.stringify({
              Version: '2012-10-17',
              Statement: {
                Sid: 'ByHand',
                Effect: 'Deny',
                Principal: '*',
                Action: 's3:PutObject',
                Resource: `arn:aws:s3:::${Bucket}/*`,
              },
            }),
          }),
        ),
      mends: () => new S3Client({}).send(new DeleteBucketPolicyCommand({ Bucket })),
      subject,
      message,
      mend: `npx cdktf deploy ${stack}`,
    }),
  ),
  {
    what: 'a disabled rule',
    breaks: () => dev.events.send(new DisableRuleCommand({ Name: 'wps-dev-job-changes' })),
    mends: () => dev.events.send(new EnableRuleCommand({ Name: 'wps-dev-job-changes' })),
    subject: 'rule wps-dev-job-changes',
    message: /^it is disabled: statuses of jobs are late by minutes/,
    mend: 'aws events enable-rule --name wps-dev-job-changes',
  },
  {
    what: 'a rule that calls nothing',
    breaks: withoutTarget('wps-dev-job-sweep'),
    mends: withTarget('wps-dev-job-sweep'),
    subject: 'rule wps-dev-job-sweep',
    message: /^it does not call function:wps-dev-job-events:DEV: a job whose events were lost/,
    mend: 'npx cdktf deploy DEV',
  },
  {
    what: 'a deleted rule',
    breaks: async () => {
      await withoutTarget('wps-dev-job-changes')();
      await dev.events.send(new DeleteRuleCommand({ Name: 'wps-dev-job-changes' }));
    },
    mends: withTarget('wps-dev-job-changes'),
    subject: 'rule wps-dev-job-changes',
    message: /^it is not there: statuses of jobs are late/,
    mend: 'npx cdktf deploy DEV',
  },
  {
    what: 'a deleted log of the jobs',
    breaks: () => logs().send(new DeleteLogGroupCommand({ logGroupName: devJobLog })),
    mends: () => logs().send(new CreateLogGroupCommand({ logGroupName: devJobLog })),
    subject: `log ${devJobLog}`,
    message: /is not there, and no container of a job starts/,
    mend: 'npx cdktf deploy DEV',
  },
  {
    what: 'a container image that is gone',
    breaks: () =>
      dev.ecr.send(
        new BatchDeleteImageCommand({
          repositoryName: 'wps/echo',
          imageIds: [{ imageDigest: dev.release.processImages['echo'] }],
        }),
      ),
    mends: async () => undefined,
    subject: 'process echo',
    message: /image wps\/echo@sha256:\w+ is not in the registry/,
    mend: 'npm run images -- --only echo && npx cdktf deploy DEV',
  },
];

describe('the doctor', () => {
  it.each(breakages.map((each) => [each.what, each] as const))(
    'the doctor finds %s, says what mends it, and runs no job',
    async (_, { breaks, mends, subject, message, mend }) => {
      await breaks();
      const { code, broken, found } = await doctor();
      expect(code).toBe(1);
      const [first, ...others] = broken.filter((each) => each.subject === subject);
      expect(first).toEqual({
        subject,
        verdict: 'broken',
        message: expect.stringMatching(message),
        mend,
      });
      expect(others).toEqual([]);
      expect(found.at(-1)).toMatchObject({ subject: 'test job', verdict: 'unknown' });
      const call = /^npm run operate -- (.+)$/.exec(mend)?.[1];
      if (call) expect(await faultOfCall(call.split(' '))).toBeUndefined();
      await mends();
    },
  );

  it('the doctor warns of a disabled rule that only an alarm needs', async () => {
    const rule = { Name: 'wps-dev-blocked-queues' };
    await dev.events.send(new DisableRuleCommand(rule));
    const { found } = await doctor('--no-test-job');
    expect(found).toContainEqual({
      subject: 'rule wps-dev-blocked-queues',
      verdict: 'warns',
      message: 'it is disabled: no alarm goes off for a stuck queue',
      mend: 'aws events enable-rule --name wps-dev-blocked-queues',
    });
    await dev.events.send(new EnableRuleCommand(rule));
  });

  it('the doctor finds nothing else broken once everything is mended', async () => {
    expect((await doctor('--no-test-job')).broken.map(({ subject }) => subject)).toEqual([
      'process echo',
    ]);
  });

  it('the doctor finds an environment that was never deployed, and asks for a deployment', async () => {
    const { code, printed } = await operate(['doctor', 'RC', '--json', '--no-test-job']);
    expect(code).toBe(1);
    const found: readonly Finding[] = JSON.parse(printed);
    expect(found.filter(({ verdict }) => verdict === 'broken').map(({ mend }) => mend)).toEqual(
      Array(6).fill('npx cdktf deploy RC'),
    );
    const status = await operate(['status', 'RC']);
    expect(status.printed).toMatch(/none recorded: the environment was never deployed/);
    const newest = await dev.ssm.send(new GetParameterCommand({ Name: imageParameter }));
    const put = (Value = '') =>
      dev.ssm.send(new PutParameterCommand({ Name: imageParameter, Value, Overwrite: true }));
    await put('none');
    const unbuilt = await operate(['status', 'RC']);
    expect(unbuilt.printed).toMatch(
      /^machine image +none: the pipeline of SHARED has built none yet$/m,
    );
    await put(newest.Parameter?.Value);
  });
});

describe('a rollback', () => {
  it('a rollback goes to the previous release that differs, and shows what changes', async () => {
    const second = {
      ...dev.release,
      functions: { ...dev.release.functions, sha256: 'two', commit: 'decade' },
    };
    await dev.record(second);
    const dry = await json('rollback', 'DEV', '--dry-run');
    expect(dry).toMatchObject({
      pin: { version: 1 },
      commit: 'c0ffee',
      deployed: false,
      changes: [expect.stringMatching(/^functions: commit decade, package two -> commit c0ffee/)],
    });
    const told = await operate(['rollback', 'DEV']);
    expect(told).toMatchObject({ code: 1 });
    expect(told.told).toMatch(/DEV will take version 1 of DEV.*add --yes/s);
    expect((await operate(['rollback', 'DEV', '--to', '9', '--dry-run'])).told).toMatch(
      /DEV has recorded no version 9; recorded: 2, 1\./,
    );
  });

  it('a rollback of a part changes nothing else', async () => {
    const third = {
      ...dev.release,
      functions: { ...dev.release.functions, sha256: 'three', commit: 'facade' },
      machineImages: { ...dev.release.machineImages, dataVolume: 'ami-3' },
    };
    await dev.record(third);
    expect(
      await json('rollback', 'DEV', '--to', '1', '--parts', 'machineImages', '--dry-run'),
    ).toMatchObject({
      // The functions stay at the running version 3, whichever version is the newest by then.
      pin: { version: 3, parts: { machineImages: 1 } },
      changes: [expect.stringMatching(/^machine image dataVolume: ami-3 -> ami-/)],
    });
  });

  it('a rollback of a part goes to the previous release in which that part differs', async () => {
    // Version 2 differs from version 1 only in the functions.
    const dry = await json('rollback', 'DEV', '--parts', 'machineImages', '--dry-run');
    expect(dry.takes).toMatch(/^version 2 of DEV, recorded .* \(machineImages only\)$/);
    expect((await operate(['rollback', 'DEV', '--parts', 'processImages', '--yes'])).told).toMatch(
      /DEV has recorded no other release than the one it runs, of processImages\./,
    );
  });

  it('a rollback is refused in an environment without a history', async () => {
    expect((await operate(['rollback', 'PROD', '--yes'])).told).toMatch(
      /PROD has recorded no release/,
    );
  });
});

describe('a promotion', () => {
  it('a promotion shows what the environment before runs, and asks', async () => {
    expect(await json('promote', 'SYSTEST', '--dry-run')).toMatchObject({
      takes: 'what DEV runs: its version 3',
      commit: 'facade',
      deployed: false,
    });
    expect((await operate(['promote', 'RC', '--yes'])).told).toMatch(
      /SYSTEST has recorded no release; run npx cdktf deploy SYSTEST first/,
    );
  });
});
