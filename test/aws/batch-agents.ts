import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { retryStrategy } from '../../batch-jobs/api/retry-strategy.ts';
import { distDir } from '../bundled.ts';
import { batchClient } from './batch-resources.ts';
import { type ContainerEngine, startContainerEngine } from './container-engine.ts';
import { type Emulator, startEmulator } from './emulator.ts';

/** The end of an attempt, as Batch and the agent on its machine report it. */
interface Ended {
  /** The job is not tried again, whatever its retry strategy says. */
  readonly isFinal?: boolean;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly statusReason: string;
}

const hostTerminated: Ended = { statusReason: 'Host EC2 (instance i-0123456789) terminated.' };

export interface BatchAgents {
  readonly emulator: Emulator;
  /** Runners at work, by job id. */
  readonly running: ReadonlyMap<string, ChildProcess>;
  /** Removes the machine of a job without a signal to the job. */
  loseMachine(jobId: string): void;
  /** Removes the machine of a job as Spot does: the job receives SIGTERM. */
  reclaimMachine(jobId: string): void;
  /** Ends the attempt of a job as Batch does on a timeout, without another try. */
  endForTimeout(jobId: string): void;
  stop(): Promise<void>;
}

/**
 * The emulator with the part of AWS Batch that it lacks: agents that run a job's container (the real, built
 * runner), retry it as its retry strategy says, and report each change of its state.
 *
 * @param emit receives the detail of each "Batch Job State Change" event
 * @param others variables of the runners' machines, which override those of the emulator
 */
export async function startBatchAgents(
  emit: (detail: Partial<JobDetail>) => Promise<void>,
  others: () => Readonly<Record<string, string>> = () => ({}),
): Promise<BatchAgents> {
  const running = new Map<string, ChildProcess>();
  /** Why Batch ends an attempt, by job id. */
  const endings = new Map<string, Ended>();
  let emulator: Emulator | undefined;

  const runAttempt = async (
    variables: Readonly<Record<string, string>>,
    attempt: number,
    killed: AbortSignal,
  ): Promise<Ended> => {
    const child = spawn(process.execPath, [join(distDir, 'batch-jobs', 'runner', 'main.js')], {
      env: {
        PATH: process.env['PATH'],
        ...emulator?.variables,
        ...others(),
        ...variables,
        AWS_BATCH_JOB_ATTEMPT: String(attempt),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const jobId = variables['WPS_JOB_ID'] ?? '';
    running.set(jobId, child);
    const kill = () => child.kill('SIGTERM');
    killed.addEventListener('abort', kill);
    const [code] = await once(child, 'exit');
    killed.removeEventListener('abort', kill);
    running.delete(jobId);
    const ending = endings.get(jobId);
    endings.delete(jobId);
    if (ending) return { ...ending, ...(code === null ? {} : { exitCode: code }) };
    return { exitCode: code ?? 137, statusReason: 'Essential container in task exited' };
  };

  const engine: ContainerEngine = await startContainerEngine(async (variables, killed) => {
    const tell = async (status: JobDetail['status'], attempts: Ended[], last?: Ended) => {
      const { exitCode, reason, statusReason } = last ?? {};
      const detail = await describe();
      await emit({
        ...detail,
        status,
        // The caller of TerminateJob gives a reason of its own.
        statusReason: killed.aborted ? detail?.statusReason : statusReason,
        attempts: attempts.map((ended) => ({
          startedAt: 1,
          stoppedAt: 2,
          statusReason: ended.statusReason,
          container: { exitCode: ended.exitCode, reason: ended.reason },
        })),
        container: { ...detail?.container, exitCode, reason },
      });
    };
    const describe = async () => {
      const jobId = variables['AWS_BATCH_JOB_ID'] ?? '';
      const client = batchClient(emulator as Emulator);
      const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [jobId] }));
      return jobs?.[0];
    };
    const { attempts: allowed, evaluateOnExit } = retryStrategy(
      Number(variables['WPS_JOB_ATTEMPTS'] ?? 1),
    );
    const attempts: Ended[] = [];
    for (;;) {
      await tell('RUNNING', attempts);
      const ended = await runAttempt(variables, attempts.length + 1, killed);
      attempts.push(ended);
      if (ended.exitCode === 0) {
        await tell('SUCCEEDED', attempts, ended);
        return 0;
      }
      const rule = evaluateOnExit.find((candidate) => matches(candidate, ended));
      if (
        killed.aborted ||
        ended.isFinal ||
        attempts.length >= allowed ||
        rule?.action === 'EXIT'
      ) {
        await tell('FAILED', attempts, ended);
        return ended.exitCode ?? 1;
      }
      await tell('RUNNABLE', attempts, ended);
    }
  });
  const end = (jobId: string, signal: NodeJS.Signals, ending: Ended) => {
    endings.set(jobId, ending);
    running.get(jobId)?.kill(signal);
  };
  const started = await startEmulator({ containerEngine: engine.address });
  emulator = started;
  return {
    emulator: started,
    running,
    loseMachine: (jobId) => end(jobId, 'SIGKILL', hostTerminated),
    reclaimMachine: (jobId) => end(jobId, 'SIGTERM', hostTerminated),
    endForTimeout: (jobId) =>
      end(jobId, 'SIGTERM', {
        statusReason: 'Job attempt duration exceeded timeout',
        isFinal: true,
      }),
    stop: async () => {
      await engine.stop();
      await started.stop();
    },
  };
}

/** Matches a rule as AWS Batch does: all its patterns must match, and `*` at the end matches any rest. */
function matches(
  rule: ReturnType<typeof retryStrategy>['evaluateOnExit'][number],
  { exitCode, reason, statusReason }: Ended,
): boolean {
  const fits = (pattern: string | undefined, text: string) =>
    pattern === undefined ||
    (pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern);
  return (
    fits(rule.onStatusReason, statusReason) &&
    fits(rule.onReason, reason ?? '') &&
    fits(rule.onExitCode, String(exitCode ?? ''))
  );
}
