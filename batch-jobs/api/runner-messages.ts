/**
 * What the embedded engine and its runners tell each other. Such a runner is a child process that was
 * started ahead of its jobs; it runs one job at a time, as a container's runner runs its only one.
 */

/** To a runner: run a job, told by the variables that a container's runner would be started with. */
export interface RunMessage {
  readonly variables: Readonly<Record<string, string>>;
}

/** From a runner. */
export type RunnerMessage =
  /** It took the job. */
  | { readonly kind: 'begun' }
  /** It started the process's command, which leads a process group. */
  | { readonly kind: 'command'; readonly pid: number }
  | {
      readonly kind: 'ended';
      /** What a container's runner would have exited with. */
      readonly exitCode: number;
      /** Whether the runner is as it was before the job, and may be given another. */
      readonly isAsNew: boolean;
    };

/** Argument of a runner that takes its jobs by message. */
export const jobsByMessage = '--jobs-by-message';
