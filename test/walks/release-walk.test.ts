import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../stacks/operate/doctor/finding.ts';
import { breakages, withoutImage } from './breakages.ts';
import { plannedChanges } from './planned-changes.ts';
import { WalkedAccount } from './walked-account.ts';
import { shellSteps } from './workflow-steps.ts';

let walked: WalkedAccount;
beforeAll(async () => {
  walked = await WalkedAccount.start();
});
afterAll(() => walked?.stop());

async function doctor(options: string) {
  const { code, stdout, said } = await walked.operate(`doctor DEV --json ${options}`);
  const found: readonly Finding[] = JSON.parse(stdout || '[]');
  return { code, said, found, broken: found.filter(({ verdict }) => verdict === 'broken') };
}

describe('a release', () => {
  it('a release is published from a commit by the workflow of the main branch', async () => {
    walked.checkout.commit('first');
    const [said] = await walked.runJob('main.yml', 'publish');
    expect(said).toContain('wps/echo:content-');
    expect(said).toMatch(/wps\/echo:content-\w+ pushed/);
  });

  it('a release is deployed to DEV by the next workflow, and answers over each protocol there', async () => {
    await walked.account.publishImage('first');
    expect(await walked.deploy('DEV')).toContain('Apply complete!');
    expect(await walked.commitOf('DEV')).toBe(walked.commits.first);
  });

  it('a deployed release leaves nothing to plan, and the plan is the comment on a pull request', async () => {
    const stacks = ['SHARED', 'DEV'];
    const said: string[] = [];
    for (const { run, variables } of shellSteps('pull-request.yml', 'plan', {
      'github.token': 'none',
      'github.event.pull_request.number': '7',
    })) {
      if (run === 'npm ci') continue;
      const only = run.startsWith('npm run plan') ? `${run} ${stacks.join(' ')}` : run;
      const ended = await walked.checkout.shell(only, variables);
      expect(ended.code, ended.said).toBe(0);
      said.push(ended.said);
    }
    for (const stack of stacks) expect(said.join()).toContain(`${stack}: no changes`);
    const { stdout } = await walked.shell('cat gh.txt; rm gh.txt plan.md');
    expect(stdout).toMatch(/^pr comment 7 --edit-last --create-if-none --body-file plan\.md/);
    expect(stdout).toContain('**DEV**: no changes.');
  });
});

describe('an operator', () => {
  it('an operator sees the release, and a doctor that finds everything in order with a job that runs', async () => {
    const status = await walked.operate('status DEV --json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      environment: 'DEV',
      release: { release: { functions: { commit: walked.commits.first } } },
      aliases: [{ runsRelease: true }, { runsRelease: true }],
    });
    const { code, found, broken } = await doctor('--job-seconds 600');
    expect(broken).toEqual([]);
    expect(found).toContainEqual(expect.objectContaining({ subject: 'endpoint', verdict: 'ok' }));
    expect(found.at(-1)).toMatchObject({ subject: 'test job', verdict: 'ok' });
    expect(code).toBe(0);
  });

  it('an operator publishes and promotes another release', async () => {
    walked.checkout.append('lambda/handler.ts', '\nexport const release = 2;\n');
    walked.checkout.commit('second');
    await walked.runJob('main.yml', 'publish');
    const promoted = await walked.operate('promote DEV --yes --json');
    expect(promoted.code, promoted.said).toBe(0);
    expect(JSON.parse(promoted.stdout)).toMatchObject({ deployed: true });
    expect(await walked.commitOf('DEV')).toBe(walked.commits.second);
  });

  it('an operator rolls back the functions alone, and the plan touches no machines', async () => {
    const pinned = await walked.operate('rollback DEV --parts functions --no-deploy --yes --json');
    expect(pinned.code, pinned.said).toBe(0);
    const { stdout } = await walked.shell('npm run plan -- DEV');
    expect(plannedChanges(stdout)).toEqual([
      'aws_lambda_alias updated in-place',
      'aws_lambda_alias updated in-place',
      'aws_lambda_function updated in-place',
      'aws_lambda_function updated in-place',
      'aws_ssm_parameter updated in-place',
    ]);
    await walked.shell('npm run deploy -- DEV');
    expect(await walked.commitOf('DEV')).toBe(walked.commits.first);
  });
});

/** Options that answer the questions of commands. */
const answers = [
  { asks: /^npx cdktf deploy/, answer: '--auto-approve' },
  { asks: /^npm run operate -- (rollback|promote)/, answer: '--yes' },
];

/** A line of the doctor's, changed so that its questions are answered with yes. */
function agreed(line: string): string {
  return line
    .split(' && ')
    .map((step) => [step, ...answers.flatMap((each) => (each.asks.test(step) ? each.answer : []))])
    .map((words) => words.join(' '))
    .join(' && ');
}

describe('a deployment that somebody broke by hand', () => {
  /** Lines of the doctor's that have not been run yet. */
  let mends: readonly string[];

  it('the doctor finds a deployment that was broken by hand, and names a command for each fault', async () => {
    await walked.shell(Object.values(breakages).join('\n'));
    const { code, broken } = await doctor('--no-test-job');
    expect(code).toBe(1);
    expect(broken.map(({ subject }) => subject).sort()).toEqual(Object.keys(breakages).sort());
    mends = [...new Set(broken.map(({ mend = '' }) => mend))];
    expect([...mends].sort()).toEqual([
      expect.stringMatching(
        /^aws batch update-compute-environment --compute-environment wps-dev-timeseries-\S+ --state ENABLED$/,
      ),
      'aws batch update-job-queue --job-queue wps-dev-small --state ENABLED',
      'aws events enable-rule --name wps-dev-job-changes',
      'aws lambda update-alias --function-name wps-dev-requests --name DEV --function-version 3',
      'npx cdktf deploy DEV',
    ]);
  });

  it('the doctor reports a missing configuration, and what it cannot check without it', async () => {
    await walked.shell(
      `aws s3 rm s3://${walked.account.bucketName('configuration')}/DEV/wps.properties`,
    );
    expect((await doctor('--no-test-job')).broken).toContainEqual(
      expect.objectContaining({ subject: 'configuration', mend: 'npx cdktf deploy DEV' }),
    );
  });

  it('the nightly workflow and the operators’ command report the drift of a deployment that was broken by hand', async () => {
    const [drift] = shellSteps('drift.yml', 'drift').filter(({ run }) => run !== 'npm ci');
    const drifted = await walked.checkout.shell(`${drift?.run} DEV`, drift?.variables);
    expect(drifted.code, drifted.said).toBe(1);
    expect(drifted.stdout).toMatch(/DEV: changed from outside/);
    const checked = await walked.operate('drift DEV --json');
    expect(checked.code, checked.said).toBe(2);
    const { drift: found }: { drift: { address: string; attributes: string }[] } = JSON.parse(
      checked.stdout,
    );
    for (const { address, attributes } of found) {
      expect(drifted.stdout).toContain(`  ${address}: ${attributes}`);
    }
    const words = found.map(({ address, attributes }) => `${address.split('.')[0]}: ${attributes}`);
    expect(words.sort()).toEqual([
      'aws_batch_compute_environment: state',
      'aws_batch_job_definition: is gone',
      'aws_batch_job_queue: state',
      expect.stringMatching(/^aws_cloudwatch_event_rule: .*(state|is_enabled)/),
      'aws_iam_role_policy: is gone',
      'aws_iam_role_policy: is gone',
      'aws_lambda_alias: function_version',
      'aws_lambda_function: reserved_concurrent_executions',
      'aws_s3_object: is gone',
    ]);
    const { stdout } = await walked.operate('status DEV --json');
    expect(JSON.parse(stdout)).toMatchObject({ drift: { hasDrifted: true } });
  });

  it('a broken deployment is in order again after each command that the doctor names', async () => {
    for (const line of mends) await walked.shell(agreed(line));
    await expectOrder();
  });

  it('an image that somebody deleted is pushed again', async () => {
    await walked.shell(withoutImage);
    const { code, broken } = await doctor('--no-test-job');
    expect(code).toBe(1);
    expect(broken).toMatchObject([
      {
        subject: 'process echo',
        mend: 'npm run images -- --only echo && npm run operate -- promote DEV',
      },
    ]);
    await walked.shell(agreed(broken[0]?.mend ?? ''));
    await expectOrder();
  });

  /** Checks that the doctor finds no fault, with a job that runs, and that there is no drift. */
  async function expectOrder(): Promise<void> {
    const { code, broken, found } = await doctor('--job-seconds 600');
    expect(broken).toEqual([]);
    expect(found.at(-1)).toMatchObject({ subject: 'test job', verdict: 'ok' });
    expect(code).toBe(0);
    const checked = await walked.operate('drift DEV');
    expect(checked.said).toContain('DEV is as it was deployed.');
    expect(checked.code).toBe(0);
  }
});

describe('DEV', () => {
  it('DEV is destroyed with everything in it, including the outputs of its jobs', async () => {
    const bucket = walked.account.bucketName('dev-outputs');
    expect((await walked.shell(`aws s3 ls --recursive s3://${bucket}`)).stdout).toContain('jobs/');
    await walked.shell('npx cdktf destroy DEV --auto-approve');
    expect((await walked.checkout.shell(`aws s3 ls s3://${bucket}`)).said).toContain(
      'NoSuchBucket',
    );
    const contents = await walked.account.contents();
    expect(contents.filter((name) => name.startsWith('wps-dev-'))).toEqual([]);
  });
});
