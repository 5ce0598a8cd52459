import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { type Installation, parseInstallation } from '../../environments/installation.ts';
import type { ReleaseRecord } from '../../stacks/constructs/release.ts';
import { type AwsAccount, openAccount } from '../../stacks/operate/aws-account.ts';
import { promotion, rollback } from '../../stacks/operate/releases.ts';
import { environmentStatus, statusText, takenBy } from '../../stacks/operate/status.ts';
import { environmentNamed } from '../../stacks/operate/target.ts';
import { preflightOfAccount } from '../../stacks/preflight/report.ts';
import { installationOverTwoAccounts } from '../stacks/two-accounts.ts';
import { answeringAws, awsError } from './answering-aws.ts';
import { operate } from './called-program.ts';
import {
  account as accountId,
  answersOf,
  buckets,
  healthy,
  release,
  releaseBefore,
  type SampleEnvironment,
} from './sample-environment.ts';

let world: SampleEnvironment;
let aws: ReturnType<typeof answeringAws>;
beforeAll(() => {
  aws = answeringAws(() => answersOf(world));
});
beforeEach(() => {
  world = healthy;
  aws.sent.length = 0;
});
afterAll(() => aws.end());

const installation: Installation = parseInstallation(installationData);
const named = (name: string) => environmentNamed(name, installation);
const opened = (name = 'DEV'): Promise<AwsAccount> => openAccount(named(name));

/** A release whose parts have these ages. */
const aged = (functions: number, dataVolume: number, echo: number): ReleaseRecord => ({
  functions: {
    ...release.functions,
    sha256: `package-${functions}`,
    commit: `commit-${functions}`,
  },
  machineImages: { ...release.machineImages, dataVolume: `ami-${dataVolume}` },
  processImages: { echo: `sha256:${echo}` },
});

describe('a rollback', () => {
  const back = async (
    history: readonly ReleaseRecord[],
    options: Partial<Parameters<typeof rollback>[2]> = {},
  ) => {
    world = { ...healthy, history: { DEV: history } };
    const { environment } = named('DEV');
    return await rollback(await opened(), environment, {
      parts: [],
      pin: undefined,
      ...options,
    });
  };
  // Versions 1 to 4. The last deployment changed the container image alone.
  const history = [aged(1, 1, 1), aged(2, 1, 1), aged(2, 2, 1), aged(2, 2, 2)];

  it('a rollback goes to the newest earlier release that differs', async () => {
    expect(await back(history)).toEqual({
      environment: 'DEV',
      takes: 'version 3 of DEV, recorded 2026-01-03T00:00:00.000Z',
      pin: { version: 3 },
      commit: 'commit-2',
      changes: ['container image echo: sha256:2 -> sha256:1'],
    });
    expect((await back([...history, aged(2, 2, 2)])).pin).toEqual({ version: 3 });
  });

  it('a rollback to a version goes there, and names those that exist if it does not', async () => {
    expect((await back(history, { version: 1 })).pin).toEqual({ version: 1 });
    await expect(back(history, { version: 9 })).rejects.toThrow(
      'DEV has recorded no version 9; recorded: 4, 3, 2, 1.',
    );
  });

  it('a rollback of a part goes to the newest release in which that part differs, and pins the rest to what runs', async () => {
    expect(await back(history, { parts: ['functions'] })).toEqual({
      environment: 'DEV',
      takes: 'version 1 of DEV, recorded 2026-01-01T00:00:00.000Z (functions only)',
      pin: { version: 4, parts: { functions: 1 } },
      commit: 'commit-1',
      changes: [
        'functions: commit commit-2, package package-2 -> commit commit-1, package package-1',
      ],
    });
    expect((await back(history, { parts: ['machineImages'] })).pin).toEqual({
      version: 4,
      parts: { machineImages: 2 },
    });
    expect((await back(history, { parts: ['processImages'] })).pin).toEqual({
      version: 4,
      parts: { processImages: 3 },
    });
  });

  it('a second rollback goes on to the release before, and never returns to the one that was left', async () => {
    const afterFirst = [...history, aged(2, 2, 1)];
    expect((await back(afterFirst, { pin: { version: 3 } })).pin).toEqual({ version: 2 });
    expect((await back(afterFirst, { parts: ['functions'], pin: { version: 3 } })).pin).toEqual({
      version: 3,
      parts: { functions: 1 },
    });
    expect(
      (
        await back([...history, aged(1, 2, 2)], {
          parts: ['machineImages'],
          pin: { version: 4, parts: { functions: 1 } },
        })
      ).pin,
    ).toEqual({ version: 4, parts: { functions: 1, machineImages: 2 } });
  });

  it('a rollback is refused if there is no release to go back to', async () => {
    await expect(back([])).rejects.toThrow('DEV has recorded no release; there is none to go back');
    await expect(back([aged(1, 1, 1)])).rejects.toThrow(
      'DEV has recorded no other release than the one it runs.',
    );
    await expect(
      back([aged(1, 1, 1), aged(2, 1, 1)], { parts: ['machineImages'] }),
    ).rejects.toThrow('than the one it runs, of machineImages.');
  });
});

describe('a promotion', () => {
  const promoted = async (name: string, history: SampleEnvironment['history']) => {
    world = { ...healthy, history };
    return await promotion(await opened(name), named(name).environment);
  };

  it('a promotion takes what the environment before runs, and removes the pin', async () => {
    const history = { DEV: [releaseBefore, release], SYSTEST: [releaseBefore] };
    expect(await promoted('SYSTEST', history)).toEqual({
      environment: 'SYSTEST',
      takes: 'what DEV runs: its version 2',
      pin: undefined,
      commit: 'c0ffee1',
      changes: [
        'functions: commit c0ffee2, package package-2 -> commit c0ffee1, package package-1',
        'machine image dataVolume: ami-2 -> ami-1',
        'container image echo: sha256:222222222222 -> sha256:111111111111',
      ],
    });
    expect((await promoted('SYSTEST', { ...history, SYSTEST: [release] })).changes).toEqual([]);
    await expect(promoted('RC', { DEV: [release] })).rejects.toThrow(
      'SYSTEST has recorded no release; run npx cdktf deploy SYSTEST first.',
    );
  });

  it('a promotion of the first environment takes the newest package', async () => {
    expect(await promoted('DEV', { DEV: [releaseBefore] })).toEqual({
      environment: 'DEV',
      takes: 'the newest package and images',
      pin: undefined,
      commit: 'c0ffee1',
      changes: ['functions: c0ffee2 -> c0ffee1'],
    });
    expect((await promoted('DEV', {})).changes).toEqual(['functions: none -> c0ffee1']);
    expect((await promoted('DEV', { DEV: [release] })).changes).toEqual([
      'functions: none; images as the plan finds them',
    ]);
    world = { ...healthy, parameters: {} };
    await expect(promotion(await opened(), named('DEV').environment)).rejects.toThrow(
      'SHARED has published no package',
    );
  });

  it('a promotion is refused where the settings pin a release', async () => {
    const { environment } = named('DEV');
    const pinned = { take: 'pinned', environment: 'DEV', version: 3, parts: {} } as const;
    await expect(promotion(await opened(), { ...environment, release: pinned })).rejects.toThrow(
      /environments\/dev\.ts pins DEV to version 3/,
    );
  });

  it('a promotion that is only shown changes nothing, and one that is not confirmed neither', async () => {
    world = { ...healthy, history: { DEV: [release], SYSTEST: [releaseBefore] } };
    const dry = await operate(['promote', 'SYSTEST', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, printed: 'Nothing was changed (--dry-run).' });
    expect(dry.told).toMatch(/^SYSTEST will take what DEV runs: its version 1\.\n {2}functions: /);
    const asked = await operate(['promote', 'SYSTEST'], false);
    expect(asked).toMatchObject({ code: 1, printed: '' });
    expect(asked.told).toMatch(/\nPromote to SYSTEST\?\nNothing was changed\.$/);
    world = { ...healthy, history: { DEV: [release], SYSTEST: [release] } };
    expect((await operate(['promote', 'SYSTEST'])).printed).toBe(
      'SYSTEST runs this already: what DEV runs: its version 1. Nothing was changed.',
    );
  });
});

describe('the status of an environment', () => {
  it('the status shows release, aliases, queues, machine image and drift of an environment', async () => {
    world = {
      ...healthy,
      parameters: {
        ...healthy.parameters,
        '/imagebuilder/wps/job-image': 'ami-3',
        '/releases/wps/DEV/drift': JSON.stringify({
          checkedAt: '2026-01-03T00:00:00Z',
          hasDrifted: true,
          commit: 'decade',
        }),
      },
      aliases: { 'wps-dev-requests': '7' },
      versions: { 7: 'package-2' },
      queues: Object.fromEntries(
        Object.entries(healthy.queues)
          .slice(0, 2)
          .map(([name, queue], at) => [
            name,
            at === 0 ? queue : { ...queue, status: 'INVALID', statusReason: 'no role' },
          ]),
      ),
      jobs: { 'wps-dev-small RUNNABLE': 2, 'wps-dev-small RUNNING': 1 },
    };
    const { printed, code } = await operate(['status', 'DEV']);
    expect(code).toBe(0);
    expect(printed.split('\n')).toEqual([
      'environment       DEV, account 123456789012, ap-southeast-2',
      'release           version 2, recorded 2026-01-02T00:00:00.000Z, commit c0ffee1',
      'deployment takes  the newest',
      'newest package    commit c0ffee1, which runs here',
      'alias             wps-dev-requests: version 7, which is not the release’s code',
      'alias             wps-dev-job-events: missing',
      'machine image     ami-1; newest: ami-3',
      'last drift check  2026-01-03T00:00:00Z: something was changed from outside (commit decade)',
      '',
      'queue               state    status            submitted  pending  runnable  starting  running',
      'wps-dev-small       ENABLED  VALID             0          0        2         0         1',
      'wps-dev-timeseries  ENABLED  INVALID: no role  0          0        0         0         0',
      'wps-dev-large       missing  missing           -          -        -         -         -',
    ]);
  });

  it('the status of a healthy environment says that the release runs', async () => {
    const status = await environmentStatus(await opened(), named('DEV').environment);
    expect(status.aliases).toEqual([
      { functionName: 'wps-dev-requests', version: '7', runsRelease: true },
      { functionName: 'wps-dev-job-events', version: '7', runsRelease: true },
    ]);
    const text = statusText(status);
    expect(text).toMatch(/^alias +wps-dev-requests: version 7, which runs the release$/m);
    expect(text).toMatch(/^machine image +ami-1, the newest$/m);
    expect(text).toMatch(/^last drift check +none recorded$/m);
  });

  it('the status of an environment that was never deployed has the queues of its settings', async () => {
    const parameters = { '/imagebuilder/wps/job-image': 'none' };
    world = { ...healthy, history: {}, objects: {}, aliases: {}, parameters };
    const { aliases } = await environmentStatus(await opened(), named('DEV').environment);
    expect(aliases).toEqual(
      ['requests', 'job-events'].map((name) => ({
        functionName: `wps-dev-${name}`,
        runsRelease: false,
      })),
    );
    const fair = { ...dev.queues.small, scheduling: 'fair-share' as const };
    const { environment } = environmentNamed(
      'DEV',
      parseInstallation({
        ...installationData,
        environments: [{ ...dev, queues: { ...dev.queues, small: fair } }],
      }),
    );
    const text = statusText(await environmentStatus(await opened(), environment));
    expect(text).toMatch(/^release +none recorded: the environment was never deployed$/m);
    expect(text).toMatch(/^newest package +none: SHARED was never deployed$/m);
    expect(text).toMatch(/^machine image +none: the pipeline of SHARED has built none yet$/m);
    expect(text).toMatch(/^wps-dev-small-fair +missing/m);
  });

  it('the status says which release the settings would deploy', () => {
    const from = (release: Parameters<typeof takenBy>[0]) => takenBy(release);
    expect(from({ take: 'newest', tags: {}, parts: {} })).toBe('the newest');
    expect(from({ take: 'newest', tag: '1.2', tags: {}, parts: {} })).toBe(
      'the newest, container images 1.2',
    );
    expect(from({ take: 'promoted', from: 'RC', parts: {} })).toBe('what RC runs');
    expect(
      from({
        take: 'pinned',
        environment: 'PROD',
        version: 3,
        parts: { functions: { environment: 'PROD', version: 2 } },
      }),
    ).toBe('version 3 of PROD (pinned); functions of PROD version 2');
  });
});

describe('the account of an environment', () => {
  it('credentials of another account are refused, naming both', async () => {
    const { environment, ...target } = named('DEV');
    const elsewhere = { ...environment.account, id: '222222222222' };
    await expect(
      openAccount({ ...target, environment: { ...environment, account: elsewhere } }),
    ).rejects.toThrow(/credentials are of account 123456789012, and DEV is in 222222222222/);
    const here = { ...environment, account: { ...environment.account, id: accountId } };
    await expect(openAccount({ ...target, environment: here })).resolves.toMatchObject({
      id: accountId,
      environment: 'DEV',
      configurationBucket: buckets.configuration,
      outputBucket: buckets.outputs,
    });
  });

  it('credentials that AWS does not accept are reported, with what to do', async () => {
    aws.end();
    aws = answeringAws(() => ({
      'sts GetCallerIdentity': () => {
        throw awsError('ExpiredToken', 'the token has expired');
      },
    }));
    const { code, told } = await operate(['status', 'DEV']);
    aws.end();
    aws = answeringAws(() => answersOf(world));
    expect(code).toBe(1);
    expect(told).toBe(
      'AWS does not accept the credentials (the token has expired). Log in, or name a profile: AWS_PROFILE.',
    );
  });
});

describe('preflight', () => {
  const preflight = async () => {
    const { code, printed } = await operate(['preflight', '--json']);
    return {
      code,
      found: JSON.parse(printed) as { kind: string; subject: string; message: string }[],
    };
  };

  it('preflight asks the account for each quota, and ends with code 0 unless something blocks', async () => {
    world = { ...healthy, concurrentExecutions: 999 };
    expect((await preflight()).code).toBe(1);
    world = { ...world, quotas: { ...healthy.quotas, 'vpc L-F678F1CE': 6 } };
    const { code, found } = await preflight();
    expect(code).toBe(0);
    expect(found.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'account: the credentials are of account 123456789012',
      'VPCs: 2 of 6 VPCs are there, and the environments add 4',
      expect.stringMatching(/^on-demand vCPUs: 2000 are allowed/),
      expect.stringMatching(/^Spot vCPUs: 2001 are allowed/),
      expect.stringMatching(/^Lambda concurrency: 999 executions at once/),
      'API Gateway log role: it is arn:aws:iam::123456789012:role/gateway, and stays',
      'service-linked roles: those of AWS Batch and Spot are there',
    ]);
  });

  it('preflight of several accounts checks the environments of the one that the credentials belong to', async () => {
    const several = parseInstallation(installationOverTwoAccounts());
    const added: string[] = [];
    for (const { shared } of several.accounts) {
      aws.end();
      aws = answeringAws(() => ({
        ...answersOf(healthy),
        'sts GetCallerIdentity': () => ({ Account: shared.account.id }),
      }));
      const found = await preflightOfAccount(several);
      added.push(
        ...found.filter(({ subject }) => subject === 'VPCs').map(({ message }) => message),
      );
    }
    aws.end();
    aws = answeringAws(() => answersOf(world));
    expect(added).toEqual([
      expect.stringContaining('the environments add 3'),
      expect.stringContaining('the environments add 1'),
    ]);
  });
});

describe('notices', () => {
  it('a notice of an environment is stored beside its configuration, where the functions read it', async () => {
    const place = `s3://${buckets.configuration}/DEV/notice.json`;
    const set = await operate(['notice', 'set', 'Down.', '--severity', 'critical', '--env', 'DEV']);
    expect(set).toMatchObject({ code: 0, printed: `Written to ${place}.` });
    const [put] = aws.sent.filter(({ call }) => call === 's3 PutObject');
    expect(put?.input).toMatchObject({
      Bucket: buckets.configuration,
      Key: 'DEV/notice.json',
      ContentType: 'application/json',
    });
    expect(JSON.parse(String(put?.input['Body']))).toEqual({ text: 'Down.', severity: 'critical' });
  });

  it('a notice is replaced and cleared only with a yes', async () => {
    const text = JSON.stringify({ text: 'Old.', severity: 'info' });
    const object = `${buckets.configuration}/DEV/notice.json`;
    world = { ...healthy, objects: { ...healthy.objects, [object]: text } };
    expect((await operate(['notice', 'show', '--env', 'DEV'])).printed).toBe('info: Old.');
    const refused = await operate(['notice', 'set', 'New.', '--env', 'DEV'], false);
    expect(refused).toMatchObject({ code: 1, told: expect.stringContaining('Shown now: Old.') });
    expect((await operate(['notice', 'clear', '--env', 'DEV'], false)).code).toBe(1);
    const changes = () => aws.sent.filter(({ call }) => /^s3 (Put|Delete)/.test(call));
    expect(changes()).toEqual([]);
    expect((await operate(['notice', 'clear', '--env', 'DEV'], true)).code).toBe(0);
    expect(changes().map(({ call, input }) => [call, input['Key']])).toEqual([
      ['s3 DeleteObject', 'DEV/notice.json'],
    ]);
  });
});
