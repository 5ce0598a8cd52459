import type { Target } from '../target.ts';
import type { Terminal } from '../terminal.ts';
import { type Check, type Finding, findings } from './finding.ts';

export interface Examination {
  readonly testJob: boolean;
  /** How long the test job may take. */
  readonly seconds: number;
  readonly terminal: Terminal;
}

/** Runs every check of a target, one after the other, and shows the progress. */
export async function examine(target: Target, options: Examination): Promise<readonly Finding[]> {
  const { terminal } = options;
  const checks = await checksOf(target, options);
  const progress = terminal.progress(checks.length);
  const found: Finding[] = [];
  for (const [at, check] of checks.entries()) {
    progress.update(at, check.name);
    found.push(...(await findings(check)));
  }
  progress.end();
  if (target.kind === 'service' || !options.testJob) return found;
  if (found.some(({ verdict }) => verdict === 'broken')) {
    return [
      ...found,
      { subject: 'test job', verdict: 'unknown', message: 'was not run, for something is broken' },
    ];
  }
  return [...found, ...(await findings(await testJobOf(target, options)))];
}

async function checksOf(
  target: Target,
  { testJob, seconds }: Examination,
): Promise<readonly Check[]> {
  if (target.kind === 'service') {
    const { serviceChecks } = await import('./service-doctor.ts');
    return serviceChecks(target, { testJob, seconds });
  }
  const [{ openAccount }, { environmentChecks }] = await Promise.all([
    import('../aws-account.ts'),
    import('./environment-doctor.ts'),
  ]);
  return await environmentChecks(target, await openAccount(target));
}

async function testJobOf(
  target: Extract<Target, { kind: 'environment' }>,
  { seconds, terminal }: Examination,
): Promise<Check> {
  const [{ openAccount }, { environmentService }, { environmentJobs, startEcho }, { testJob }] =
    await Promise.all([
      import('../aws-account.ts'),
      import('../jobs/environment-service.ts'),
      import('../jobs/environment-jobs.ts'),
      import('./test-job.ts'),
    ]);
  const account = await openAccount(target);
  const service = await environmentService(account, terminal.tell);
  return testJob({
    start: () => startEcho(service),
    jobs: environmentJobs(account, service),
    seconds,
    target: `--env ${target.environment.name}`,
    tell: terminal.tell,
  });
}
