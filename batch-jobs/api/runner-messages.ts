/**
 * Messages between the embedded engine and its runners. Such a runner is a child process that is started
 * before its jobs. It runs one job at a time, in the same way as a container's runner runs its only job.
 */

/** To a runner: run a job. The variables are those that a container's runner would be started with. */
export interface RunMessage {
  readonly variables: Readonly<Record<string, string>>;
}

/** From a runner. */
export type RunnerMessage =
  /** The runner accepted the job. */
  | { readonly kind: 'begun' }
  /** The runner started the process's command, which leads a process group. */
  | { readonly kind: 'command'; readonly pid: number }
  | {
      readonly kind: 'ended';
      /** The code with which a container's runner would have exited. */
      readonly exitCode: number;
      /** Whether the runner is in its initial state again, and may receive another job. */
      readonly isAsNew: boolean;
    };

/** Argument of a runner that receives its jobs as messages. */
export const jobsByMessage = '--jobs-by-message';
