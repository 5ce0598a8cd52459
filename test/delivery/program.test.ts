import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { planComment } from '../../stacks/deliver/plan-comment.ts';
import { deliverProgram } from '../../stacks/deliver/program.ts';
import { answeringAws, awsError } from '../operate/answering-aws.ts';
import { operate } from '../operate/called-program.ts';
import { answersOf, healthy, release, releaseBefore } from '../operate/sample-environment.ts';

/**
 * Notes each call, and answers with the files of the stack's folder: `<command>.out` is printed, and
 * `<command>.code` is the exit code.
 */
const fakeTerraform = `#!/bin/sh
echo "\${PWD##*/} $*" >> ../../calls
[ ! -f "$1.out" ] || cat "$1.out"
[ ! -f "$1.code" ] || exit "$(cat "$1.code")"
`;

let folder: string;
let outdir: string;
let aws: ReturnType<typeof answeringAws>;
/** Running jobs by queue. */
let running: Readonly<Record<string, number>>;
let mayRecord: boolean;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deliver-'));
  writeFileSync(join(folder, 'terraform'), fakeTerraform);
  chmodSync(join(folder, 'terraform'), 0o755);
  aws = answeringAws(() => ({
    'sts GetCallerIdentity': () => ({ Account: '123456789012' }),
    'ssm PutParameter': () => {
      if (!mayRecord) throw awsError('AccessDeniedException', 'no');
      return {};
    },
    'batch ListJobs': ({ jobQueue, jobStatus }) => ({
      jobSummaryList: Array(jobStatus === 'RUNNING' ? (running[String(jobQueue)] ?? 0) : 0).fill(
        {},
      ),
    }),
  }));
});
beforeEach(() => {
  running = {};
  mayRecord = true;
  aws.sent.length = 0;
  outdir = mkdtempSync(join(folder, 'out-'));
  for (const stack of ['SHARED', 'DEV', 'SYSTEST', 'RC', 'PROD']) {
    mkdirSync(join(outdir, 'stacks', stack), { recursive: true });
    writeFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), '{}');
  }
  vi.stubEnv('PATH', [folder, process.env['PATH']].join(delimiter));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  aws.end();
  rmSync(folder, { recursive: true, force: true });
});

/** What Terraform prints for a stack, and its exit code. */
function terraform(stack: string, command: string, out: unknown, code = 0): void {
  const file = join(outdir, 'stacks', stack, command);
  writeFileSync(`${file}.out`, typeof out === 'string' ? out : JSON.stringify(out));
  writeFileSync(`${file}.code`, String(code));
}

const calls = () =>
  existsSync(join(outdir, 'calls'))
    ? readFileSync(join(outdir, 'calls'), 'utf8').trimEnd().split('\n')
    : [];

async function deliver(...args: readonly string[]) {
  const printed: string[] = [];
  let code = 0;
  const program = deliverProgram({
    print: (text) => printed.push(text),
    end: (given) => {
      code = given;
    },
  });
  await program.parseAsync([...args, '--outdir', outdir], { from: 'user' });
  return { printed, code };
}

const goingQueue = {
  resource_changes: [
    {
      address: 'aws_batch_job_queue.small',
      type: 'aws_batch_job_queue',
      change: { actions: ['delete'], before: { name: 'wps-dev-small' }, after: null },
    },
  ],
};
const changed = {
  address: 'aws_sqs_queue.one',
  type: 'aws_sqs_queue',
  change: { actions: ['update'], before: { name: 'one' }, after: { name: 'two' } },
};
const drifted = {
  resource_drift: [changed],
  resource_changes: [
    {
      ...changed,
      change: { actions: ['update'], before: { name: 'two' }, after: { name: 'one' } },
    },
  ],
};

describe('npm run plan', () => {
  it('a plan prints the changes of each stack, and writes them as a comment', async () => {
    terraform('DEV', 'plan', 'Plan: 1 to add.', 2);
    const file = join(outdir, 'comment.md');
    const { printed, code } = await deliver('plan', 'DEV', 'PROD', '--markdown', file);
    expect(printed).toEqual(['DEV: Plan: 1 to add.', 'PROD: no changes']);
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(
      /<b>DEV<\/b>: Plan: 1 to add\.[\s\S]*\*\*PROD\*\*: no/,
    );
    expect(calls()).toEqual(
      ['DEV', 'PROD'].flatMap((stack) => [
        `${stack} init -input=false -no-color`,
        `${stack} plan -input=false -no-color -detailed-exitcode -lock=true -out=plan`,
      ]),
    );
  });

  it('a plan without names is one of every stack that the pipeline deploys, and locks no state if asked not to', async () => {
    expect((await deliver('plan', '--no-lock')).printed).toEqual(
      ['SHARED', 'DEV', 'SYSTEST', 'RC', 'PROD'].map((stack) => `${stack}: no changes`),
    );
    expect(calls().filter((call) => call.includes(' plan '))).toHaveLength(5);
    for (const call of calls().filter((each) => each.includes(' plan '))) {
      expect(call).toContain(' -lock=false ');
    }
  });

  it('a plan that Terraform cannot make is a fault that names the stack', async () => {
    terraform('DEV', 'plan', '', 1);
    await expect(deliver('plan', 'DEV')).rejects.toThrow(
      'terraform plan of DEV ended with exit code 1',
    );
    terraform('DEV', 'init', '', 3);
    await expect(deliver('plan', 'DEV')).rejects.toThrow(
      'terraform init of DEV ended with exit code 3',
    );
  });

  it('a stack that does not exist, or was not synthesised, is refused before Terraform runs', async () => {
    await expect(deliver('plan', 'DEV', 'MARS')).rejects.toThrow(
      'no stack is named MARS; allowed: SHARED, DEV, SYSTEST, RC, PROD',
    );
    rmSync(join(outdir, 'stacks', 'DEV', 'cdk.tf.json'));
    await expect(deliver('plan', 'DEV')).rejects.toThrow(
      `stack DEV is not in ${outdir}; run npm run synth first`,
    );
    expect(calls()).toEqual([]);
  });
});

describe('npm run deploy', () => {
  it('a deployment applies the plan that it printed, stack after stack', async () => {
    terraform('SHARED', 'plan', 'Plan of SHARED', 2);
    terraform('SHARED', 'show', {});
    terraform('DEV', 'plan', 'Plan of DEV');
    terraform('DEV', 'show', {});
    expect((await deliver('deploy', 'SHARED', 'DEV')).printed).toEqual([
      'Plan of SHARED',
      'Plan of DEV',
    ]);
    expect(calls()).toEqual(
      ['SHARED', 'DEV'].flatMap((stack) => [
        `${stack} init -input=false -no-color`,
        `${stack} plan -input=false -no-color -detailed-exitcode -lock=true -out=plan`,
        `${stack} show -json plan`,
        `${stack} apply -input=false -no-color plan`,
      ]),
    );
  });

  it('a deployment that fails ends before the stacks that follow', async () => {
    terraform('SHARED', 'show', {});
    terraform('SHARED', 'apply', '', 1);
    await expect(deliver('deploy', 'SHARED', 'DEV')).rejects.toThrow(
      'terraform apply of SHARED ended with exit code 1',
    );
    expect(calls().filter((call) => call.startsWith('DEV'))).toEqual([]);
  });

  it('a deployment that would end jobs is not applied, unless they may be lost', async () => {
    terraform('DEV', 'plan', '', 2);
    terraform('DEV', 'show', goingQueue);
    running = { 'wps-dev-small': 2 };
    await expect(deliver('deploy', 'DEV')).rejects.toThrow(/wps-dev-small \(2 RUNNING\)/);
    const applied = () => calls().filter((call) => call.includes(' apply '));
    expect(applied()).toEqual([]);
    await deliver('deploy', 'DEV', '--lose-jobs');
    expect(applied()).toHaveLength(1);
    running = { 'wps-prod-small': 2 };
    await deliver('deploy', 'DEV');
    expect(applied()).toHaveLength(2);
  });

  it('a deployment names its stacks', async () => {
    const program = deliverProgram({ print: () => undefined, end: () => undefined });
    const [deploy] = program.commands.filter((each) => each.name() === 'deploy');
    expect(deploy?.registeredArguments[0]?.required).toBe(true);
  });
});

describe('npm run drift', () => {
  it('drift ends with code 1 if one of the stacks was changed from outside', async () => {
    for (const stack of ['DEV', 'PROD']) terraform(stack, 'show', {});
    expect(await deliver('drift', 'DEV', 'PROD')).toEqual({
      printed: ['DEV: as it was deployed', 'PROD: as it was deployed'],
      code: 0,
    });
    terraform('DEV', 'show', drifted);
    expect(await deliver('drift', 'DEV', 'PROD')).toEqual({
      printed: ['DEV: changed from outside\n  aws_sqs_queue.one: name', 'PROD: as it was deployed'],
      code: 1,
    });
    expect(calls()).toContain(
      'PROD plan -input=false -no-color -detailed-exitcode -lock=true -out=plan',
    );
    expect(calls().filter((call) => call.includes(' apply '))).toEqual([]);
  });
});

describe('npm run operate -- drift', () => {
  const recorded = () =>
    aws.sent
      .filter(({ call }) => call === 'ssm PutParameter')
      .map(({ input }) => [input['Name'], input['Overwrite'], JSON.parse(String(input['Value']))]);

  it('drift of an environment is recorded for its status, without locking the state, and ends with code 2', async () => {
    terraform('DEV', 'show', drifted);
    const { code, printed } = await operate(['drift', 'DEV', '--out', outdir]);
    expect({ code, printed }).toEqual({
      code: 2,
      printed: 'DEV was changed from outside:\n  aws_sqs_queue.one: name',
    });
    expect(calls()).toContain(
      'DEV plan -input=false -no-color -detailed-exitcode -lock=false -out=plan',
    );
    const checkedAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    const commit = expect.any(String);
    expect(recorded()).toEqual([
      ['/releases/wps/DEV/drift', true, { hasDrifted: true, checkedAt, commit }],
    ]);
  });

  it('an environment without drift ends with code 0, even where the result cannot be recorded', async () => {
    terraform('DEV', 'show', {});
    expect(await operate(['drift', 'DEV', '--out', outdir])).toMatchObject({
      code: 0,
      printed: 'DEV is as it was deployed.',
      told: '',
    });
    expect(recorded()).toMatchObject([['/releases/wps/DEV/drift', true, { hasDrifted: false }]]);
    mayRecord = false;
    expect(await operate(['drift', 'DEV', '--out', outdir])).toMatchObject({
      code: 0,
      told: 'The result was not recorded in /releases/wps/DEV/drift: no',
    });
  });

  it('drift that Terraform cannot look for is a fault', async () => {
    terraform('DEV', 'plan', '', 1);
    expect(await operate(['drift', 'DEV', '--out', outdir])).toMatchObject({
      code: 1,
      printed: '',
      told: 'terraform plan of DEV ended with exit code 1',
    });
    expect(recorded()).toEqual([]);
  });
});

describe('npm run endpoint', () => {
  it('the endpoint of a deployed environment is printed alone', async () => {
    const outputs = {
      endpoint: { value: 'https://wps.example.org/wps/' },
      tokens: { value: ['a'] },
    };
    terraform('PROD', 'output', outputs);
    expect(await deliver('endpoint', 'PROD')).toEqual({
      printed: ['https://wps.example.org/wps/'],
      code: 0,
    });
  });

  it('the endpoint of an environment that was never deployed is a fault that says what to do', async () => {
    terraform('PROD', 'output', {});
    await expect(deliver('endpoint', 'PROD')).rejects.toThrow(
      'PROD has no endpoint: it is not deployed; run npm run deploy -- PROD first',
    );
  });
});

it('Terraform that is not installed is a fault that says so', async () => {
  vi.stubEnv('PATH', outdir);
  await expect(deliver('plan', 'DEV')).rejects.toThrow(/^terraform cannot be run: .*ENOENT/);
});

describe('a comment on a pull request', () => {
  const comment = (...texts: readonly string[]) =>
    planComment(new Map(texts.map((text, at) => [`S${at}`, { isChanged: true, text }])));

  it('a comment begins each plan where it says what Terraform will do, and counts its changes', () => {
    expect(
      comment('Reading...\nTerraform will perform the following actions:\n+ a\nPlan: 1 to add.'),
    ).toBe(
      '### What a deployment would change\n\n<details><summary><b>S0</b>: Plan: 1 to add.</summary>\n\n```text\nTerraform will perform the following actions:\n+ a\nPlan: 1 to add.\n```\n\n</details>\n',
    );
    expect(comment('Changes to Outputs')).toContain('<b>S0</b>: Outputs change.</summary>');
  });

  it('a comment cannot be ended by a value in a plan', () => {
    expect(comment('a ````` b')).toContain('\n``````text\na ````` b\n``````\n');
  });

  it('a comment over long plans is as long as GitHub accepts, and says what is missing', () => {
    const long = comment(...Array(6).fill('x'.repeat(70_000)));
    expect(long.length).toBeLessThanOrEqual(65_536);
    expect(long.length).toBeGreaterThan(60_000);
    expect(long.match(/\.\.\. \d+ more characters are in the log of the job/g)).toHaveLength(6);
    const fits = comment('x'.repeat(20_000), 'y'.repeat(20_000));
    expect(fits).not.toContain('more characters');
  });
});

describe('npm run operate -- promote', () => {
  it('a promotion deploys with the words behind it, and ends with the release that runs then', async () => {
    const fakeNpm = '#!/bin/sh\necho "npm $*" >> "$CALLS"\nexit "$NPM_CODE"\n';
    writeFileSync(join(folder, 'npm'), fakeNpm);
    chmodSync(join(folder, 'npm'), 0o755);
    vi.stubEnv('CALLS', join(outdir, 'calls'));
    vi.stubEnv('NPM_CODE', '0');
    aws.end();
    const world = { ...healthy, history: { DEV: [release], SYSTEST: [releaseBefore] } };
    aws = answeringAws(() => answersOf(world));
    const promote = ['promote', 'SYSTEST', '--yes', '--', '--lose-jobs'];
    expect(await operate(promote)).toMatchObject({
      code: 0,
      printed: 'SYSTEST runs version 1 of its releases, commit c0ffee2.',
    });
    expect(calls()).toEqual(['npm run --silent deploy -- SYSTEST --lose-jobs']);
    expect((await operate(['promote', 'SYSTEST', '--yes', '--no-deploy'])).printed).toBe(
      'SYSTEST has no pin to change. Deploy it: npm run deploy -- SYSTEST',
    );
    expect(calls()).toHaveLength(1);
    vi.stubEnv('NPM_CODE', '3');
    const failed = await operate(promote);
    expect(failed).toMatchObject({ code: 1, printed: '' });
    expect(failed.told).toMatch(
      /The deployment of SYSTEST ended with code 3, for the reason above\. .*: npm run deploy -- SYSTEST --lose-jobs$/,
    );
  });
});
