import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReleaseRecord } from '../../stacks/constructs/release.ts';
import { stateBucket } from '../aws/platform-workspace.ts';
import { changedTypes, plannedChanges } from './planned-changes.ts';
import { idleRows, makeExamples, ownLines } from './runbook-lines.ts';
import { WalkedAccount } from './walked-account.ts';

/** In the order in which a release reaches them. */
const environments = ['DEV', 'SYSTEST', 'RC', 'PROD'] as const;

let walked: WalkedAccount;
beforeAll(async () => {
  walked = await WalkedAccount.start();
});
afterAll(() => walked?.stop());

/** The parts of a release that are promoted and rolled back; its record also names the machine image before it. */
const partsOf = ({ functions, machineImages, processImages }: ReleaseRecord) => ({
  functions,
  machineImages,
  processImages,
});

/** Types of the resources that another release of the functions changes, with or without a canary. */
const functionsAlone = ['aws_lambda_alias', 'aws_lambda_function', 'aws_ssm_parameter'];

/** Checks that the plan of the pull request's workflow has no changes. */
async function expectNoChanges(...stacks: readonly string[]): Promise<void> {
  const { stdout } = await walked.shell(`npm run plan -- ${stacks.join(' ')}`);
  for (const stack of stacks) expect(stdout).toContain(`${stack}: no changes`);
}

/** The checks of each protocol, as the workflow runs them. */
async function smoke(environment: string): Promise<void> {
  const { stdout } = await walked.shell(
    `npm run smoke -- --endpoint "$(npm run --silent endpoint -- ${environment})"`,
  );
  expect(stdout).toContain('The service works.');
}

describe('a release', () => {
  it('a release is published from a commit, and an image of machines is built', async () => {
    walked.checkout.commit('first');
    const [said] = await walked.runJob('main.yml', 'publish');
    expect(said).toMatch(/wps\/echo:content-\w+ pushed/);
    await walked.account.publishImage('first');
  });

  it.each(environments)(
    'a release is promoted to %s, which records it and answers',
    async (environment) => {
      expect(await walked.deploy(environment)).toContain('Apply complete!');
      expect(await walked.commitOf(environment)).toBe(walked.commits.first);
      expect(await walked.account.recordedRelease(environment)).toEqual(
        await walked.account.recordedRelease('DEV'),
      );
    },
  );

  it('a promoted release leaves nothing to plan in any stack', async () => {
    await expectNoChanges('SHARED', ...environments);
  });
});

describe('the canary of PROD', () => {
  it('the canary of PROD is a function on a schedule, with an alarm, and uses the release’s own code', async () => {
    const name = 'wps-prod-canary';
    const aws = async (call: string) => JSON.parse((await walked.shell(`aws ${call}`)).stdout);
    const rule = await aws(`events describe-rule --name ${name}`);
    expect(rule).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'rate(15 minutes)' });
    const { Targets } = await aws(`events list-targets-by-rule --rule ${name}`);
    expect(Targets).toMatchObject([{ Arn: expect.stringMatching(`:function:${name}$`) }]);
    const { MetricAlarms } = await aws(`cloudwatch describe-alarms --alarm-names ${name}`);
    expect(MetricAlarms).toMatchObject([
      {
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: name }],
        Period: 1800,
        TreatMissingData: 'breaching',
        AlarmActions: [expect.stringMatching(/:wps-prod-/)],
      },
    ]);

    const { account } = walked;
    const { functions } = await account.recordedRelease('PROD');
    const deployed = await account.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    expect(deployed.CodeSha256).toBe(functions.sha256);
    const { Body } = await account.s3.send(
      new GetObjectCommand({
        Bucket: functions.bucket,
        Key: functions.key,
        VersionId: functions.objectVersion,
      }),
    );
    const folder = join(walked.checkout.folder, 'canary');
    for (const [file, bytes] of Object.entries(
      unzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()),
    )) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      if (!file.endsWith('/')) writeFileSync(join(folder, file), bytes);
    }
    const [module, entry] = (deployed.Handler ?? '').split('.');
    const call = (variables: Readonly<Record<string, string>>) =>
      walked.checkout.shell(
        `node --input-type=module -e "const { ${entry} } = await import('${folder}/${module}.js'); await ${entry}();"`,
        variables,
      );
    const variables = deployed.Environment?.Variables ?? {};
    const silent = await call({ ...variables, CANARY_ENDPOINT: 'http://127.0.0.1:9/PROD/' });
    expect(silent.code).toBe(1);
    expect(silent.said).toMatch(/\d+ of \d+ checks found a fault/);
    const answered = await call(variables);
    expect(answered.code, answered.said).toBe(0);
    const lines = answered.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(5);
    expect(new Set(lines.map(({ message }) => message))).toEqual(new Set(['a check passed']));
    await walked.shell('rm -r canary');
  });
});

describe('the runbooks', () => {
  it('commands of the runbooks run for PROD as they are written, except for their examples', async () => {
    expect(idleRows()).toEqual([]);
    const shell = async (lines: string) => (await walked.shell(lines)).stdout.trim();
    const examples = await makeExamples({ account: walked.account, shell }, stateBucket);
    const faults: string[] = [];
    for (const line of ownLines()) {
      const own = Object.entries(examples).reduce(
        (text, [example, real]) => text.replaceAll(example, real),
        line,
      );
      const { code, said } = await walked.checkout.shell(own);
      if (code !== 0) faults.push(`${own}\n${said}`);
    }
    expect(faults).toEqual([]);
    await expectNoChanges('PROD');
  });
});

describe('the next release, of other functions and another image of machines', () => {
  it('the next release, with other functions and another image of machines, is published', async () => {
    walked.checkout.append('lambda/handler.ts', '\nexport const release = 2;\n');
    walked.checkout.commit('second');
    const [said] = await walked.runJob('main.yml', 'publish');
    // No image's content has changed.
    expect(said).not.toMatch(/ pushed/);
    await walked.account.publishImage('second');
  });

  it.each(environments)(
    'the next release is promoted to %s, which records it and answers',
    async (environment) => {
      const plan = await walked.deploy(environment);
      // DEV has no queue that uses the image.
      const touches = environment === 'DEV' ? [] : ['aws_batch_compute_environment'];
      expect(changedTypes(plan)).toEqual(
        expect.arrayContaining(['aws_lambda_function', ...touches]),
      );
      expect(await walked.commitOf(environment)).toBe(walked.commits.second);
      expect(await walked.account.recordedRelease(environment)).toEqual(
        await walked.account.recordedRelease('DEV'),
      );
    },
  );
});

describe('an operator', () => {
  it('an operator rolls back the functions of PROD, and no machine is touched', async () => {
    const before = await walked.account.recordedRelease('PROD');
    const rolled = await walked.operate('rollback PROD --parts functions --yes --json');
    expect(rolled.code, rolled.said).toBe(0);
    expect(JSON.parse(rolled.stdout)).toMatchObject({ deployed: true });
    expect(changedTypes(rolled.said)).toEqual(functionsAlone);
    const { functions, ...others } = partsOf(await walked.account.recordedRelease('PROD'));
    expect(functions.commit).toBe(walked.commits.first);
    expect(others).toEqual({
      machineImages: before.machineImages,
      processImages: before.processImages,
    });
    await smoke('PROD');
    await expectNoChanges('PROD');
  });

  it('an operator rolls back the image of machines, too, and no function is touched', async () => {
    const rolled = await walked.operate('rollback PROD --parts machineImages --yes --json');
    expect(rolled.code, rolled.said).toBe(0);
    const changes = plannedChanges(rolled.said);
    expect(changes.filter((change) => change.startsWith('aws_lambda'))).toEqual([]);
    expect(changes).toContainEqual(
      expect.stringMatching(/^aws_batch_compute_environment (must be )?replaced|created/),
    );
    expect(partsOf(await walked.account.recordedRelease('PROD'))).toEqual(
      partsOf(await walked.account.recordedRelease('PROD', 1)),
    );
    await smoke('PROD');
    await expectNoChanges('PROD');
  });

  it('an operator promotes to PROD again what RC runs, which removes the pin', async () => {
    const promoted = await walked.operate('promote PROD --yes --json');
    expect(promoted.code, promoted.said).toBe(0);
    expect(partsOf(await walked.account.recordedRelease('PROD'))).toEqual(
      partsOf(await walked.account.recordedRelease('RC')),
    );
    await smoke('PROD');
    expect(walked.checkout.read('environments/release-pins.json').trim()).toBe('{}');
  });

  it.each(['RC', 'PROD', 'SHARED'])(
    'an operator cannot destroy %s, which settings protect',
    async (stack) => {
      const destroyed = await walked.checkout.shell(`npx cdktf destroy ${stack} --auto-approve`);
      expect(destroyed.code).not.toBe(0);
      // The CLI of cdktf may lose the last lines of Terraform, which give the reason.
      const { said } = await walked.checkout.shell(
        `terraform -chdir=cdktf.out/stacks/${stack} plan -destroy -input=false -no-color || true`,
      );
      expect(said).toContain('Instance cannot be destroyed');
      await expectNoChanges(stack);
    },
  );
});
