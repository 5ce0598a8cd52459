import type { Command } from 'commander';
import {
  type CommandContext,
  environmentArgument,
  examples,
  give,
  type Output,
  onTarget,
  positive,
  target,
} from './command-context.ts';
import type { TargetOptions } from './target.ts';

/** `status`, `doctor`, `preflight`: the state of an environment. */
export function addEnvironmentCommands(program: Command, context: CommandContext): void {
  const { terminal, installation } = context;
  examples(
    onTarget(
      program
        .command('status')
        .addArgument(environmentArgument('[environment]', 'instead of --env')),
    )
      .description(
        'shows release, aliases, queues and their jobs, machine image and last drift check; of a service at an URL, its jobs',
      )
      .action(async (name: string | undefined, options: TargetOptions & Output) => {
        const found = await target(context, options, name);
        if (found.kind === 'service') {
          const { serviceStatus, serviceStatusText } = await import('./service-status.ts');
          const status = await serviceStatus(found);
          give(context, status, () => serviceStatusText(status), options);
          return;
        }
        const [{ openAccount }, { environmentStatus, statusText }] = await Promise.all([
          import('./aws-account.ts'),
          import('./status.ts'),
        ]);
        const status = await environmentStatus(await openAccount(found), found.environment);
        give(context, status, () => statusText(status), options);
      }),
    'status PROD',
    'status DEV --json',
    'status --data-dir .wps',
  );

  examples(
    onTarget(
      program
        .command('doctor')
        .addArgument(environmentArgument('[environment]', 'instead of --env')),
    )
      .description(
        'says what is wrong and which command mends it; exit code 1 when something is broken',
      )
      .option('--no-test-job', 'runs no job')
      .option('--job-seconds <n>', 'how long the test job may take', positive, 900)
      .action(
        async (
          name: string | undefined,
          options: TargetOptions & Output & { testJob: boolean; jobSeconds: number },
        ) => {
          const { examine } = await import('./doctor/examine.ts');
          const { findingsText } = await import('./doctor/finding.ts');
          const found = await examine(await target(context, options, name), {
            testJob: options.testJob,
            seconds: options.jobSeconds,
            terminal,
          });
          give(context, found, () => findingsText(found), options);
          if (found.some(({ verdict }) => verdict === 'broken')) terminal.end(1);
        },
      ),
    'doctor DEV',
    'doctor PROD --no-test-job --json',
    'doctor --endpoint http://127.0.0.1:8080',
  );

  examples(
    program
      .command('preflight')
      .description('asks the account before a first deployment: quotas, and what it has already')
      .option('--json', 'prints JSON', false)
      .action(async (options: Output) => {
        const { preflightOfAccount, preflightText } = await import('../preflight/report.ts');
        const found = await preflightOfAccount(installation());
        give(context, found, () => preflightText(found), options);
        if (found.some(({ kind }) => kind === 'blocks')) terminal.end(1);
      }),
    'preflight',
  );
}
