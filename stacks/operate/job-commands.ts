import { setTimeout as wait } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isJobId } from '../../batch-jobs/api/job-id.ts';
import {
  type CommandContext,
  examples,
  give,
  jobsOf,
  type Output,
  onTarget,
  positive,
  storeOf,
  target,
} from './command-context.ts';
import type { JobView } from './jobs/job-desk.ts';
import type { TargetOptions } from './target.ts';
import { confirm } from './terminal.ts';

const jobStatuses = ['accepted', 'running', 'successful', 'failed', 'dismissed'];

/** `jobs` with its subcommands, and `logs`. */
export function addJobCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const open = async (options: TargetOptions) =>
    await jobsOf(await target(context, options), terminal);
  const jobs = program.command('jobs').description('shows jobs, ends them and runs them again');
  examples(
    onTarget(jobs.command('list'))
      .description('lists jobs, latest first')
      .option('-p, --process <identifier>', 'of this process only')
      .addOption(new Option('-s, --status <status>', 'of this status only').choices(jobStatuses))
      .option('-n, --limit <n>', 'at most so many', positive, 20)
      .action(
        async (
          options: TargetOptions & Output & { limit: number; process?: string; status?: string },
        ) => {
          const { limit, process: of, status } = options;
          const found = await (await open(options)).list({
            limit,
            ...(of === undefined ? {} : { process: of }),
            ...(status === undefined ? {} : { status }),
          });
          const { jobTable } = await import('./jobs/job-text.ts');
          give(context, found, () => jobTable(found), options);
        },
      ),
    'jobs list --env PROD --status failed',
    'jobs list --data-dir .wps --limit 5 --json',
  );
  examples(
    onTarget(jobs.command('show').argument('<job>', 'id of the job'))
      .description('shows one job, and what AWS Batch says of it')
      .action(async (id: string, options: TargetOptions & Output) => {
        const found = await (await open(options)).show(id);
        const { jobText } = await import('./jobs/job-text.ts');
        give(context, found, () => jobText(found), options);
      }),
    'jobs show 4f0c9a3e-7b1d-4c55-9a53-0d6a4f8f7c11 --env PROD',
  );
  const logs = (parent: Command) =>
    examples(
      onTarget(parent.command('logs').argument('<job>', 'id of the job'))
        .description('prints what a job has logged')
        .option('-f, --follow', 'goes on until the job has ended', false)
        .action(async (id: string, options: TargetOptions & Output & { follow: boolean }) => {
          const desk = await open(options);
          if (desk.logRemark !== undefined) terminal.tell(desk.logRemark);
          const print = (line: { readonly at: string; readonly text: string }) =>
            terminal.print(options.json ? JSON.stringify(line) : `${line.at}  ${line.text}`);
          const { followLog, stateText } = await import('./jobs/follow.ts');
          if (!options.follow) {
            const lines = await desk.log(id);
            for (const line of lines) print(line);
            if (lines.length === 0) {
              terminal.tell(`${stateText(await desk.show(id))} It has logged nothing.`);
            }
            return;
          }
          await followLog(desk, id, { print, tell: terminal.tell, pause: () => wait(2_000) });
        }),
      'logs 4f0c9a3e-7b1d-4c55-9a53-0d6a4f8f7c11 --env PROD --follow',
    );
  logs(jobs);
  logs(program);
  examples(
    onTarget(jobs.command('dismiss').argument('<job...>', 'ids of jobs'))
      .description('ends jobs, and removes the outputs of those that have ended')
      .option('-y, --yes', 'does not ask', false)
      .action(async (ids: string[], options: TargetOptions & Output & { yes: boolean }) => {
        const desk = await open(options);
        const { jobTable } = await import('./jobs/job-text.ts');
        const found = await Promise.all(ids.map((id) => desk.show(id)));
        terminal.tell(jobTable(found));
        await confirm(
          terminal,
          `Dismiss ${ids.length === 1 ? 'this job' : `these ${ids.length} jobs`} and remove outputs?`,
          options.yes,
        );
        const progress = terminal.progress(ids.length);
        const dismissed: JobView[] = [];
        for (const [at, id] of ids.entries()) {
          progress.update(at, id);
          dismissed.push(await desk.dismiss(id));
        }
        progress.end();
        give(context, dismissed, () => jobTable(dismissed), options);
      }),
    'jobs dismiss 4f0c9a3e-7b1d-4c55-9a53-0d6a4f8f7c11 --env PROD --yes',
  );
  examples(
    onTarget(jobs.command('index'))
      .description('enters jobs in the index that lists are read from, such as jobs older than it')
      .option('--after <job>', 'goes on after this job, as an interrupted run named it', jobId)
      .action(async (options: TargetOptions & Output & { after?: string }) => {
        const [{ indexJobs }, store] = await Promise.all([
          import('../../batch-jobs/api/index-jobs.ts'),
          storeOf(await target(context, options), terminal),
        ]);
        const { after } = options;
        const done = await indexJobs(store, {
          ...(after === undefined ? {} : { after }),
          onProgress: (count, id) => terminal.tell(`${count} jobs, up to ${id}`),
        });
        const { indexed, damaged } = done;
        give(
          context,
          done,
          () =>
            `${indexed} jobs are in the index; ${damaged} have a damaged record, and no list shows them.`,
          options,
        );
      }),
    'jobs index --env PROD',
    'jobs index --data-dir .wps',
  );
  examples(
    onTarget(jobs.command('run-again').argument('<job>', 'id of the job'))
      .description('starts a job with the same inputs')
      .action(async (id: string, options: TargetOptions & Output) => {
        const started = await (await open(options)).runAgain(id);
        give(
          context,
          started,
          () => `Job ${started.jobID} runs ${started.processID} with the inputs of ${id}.`,
          options,
        );
      }),
    'jobs run-again 4f0c9a3e-7b1d-4c55-9a53-0d6a4f8f7c11 --env PROD',
  );
}

function jobId(text: string): string {
  if (isJobId(text)) return text;
  throw new InvalidArgumentError('Give the id of a job.');
}
