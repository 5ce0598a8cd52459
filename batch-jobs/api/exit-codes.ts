/**
 * Exit codes of a process's command and of the runner: 0 means success. 64 to 78 (the range of `sysexits.h`)
 * mean that the request is at fault and another attempt would fail the same way. Any other code may be
 * retried.
 */
export const requestFaultCodes = { first: 64, last: 78 } as const;

/** Whether a run that ended with this code must not be retried. */
export function isRequestFault(exitCode: number): boolean {
  return exitCode >= requestFaultCodes.first && exitCode <= requestFaultCodes.last;
}

/** A run that was asked to stop: 128 + SIGTERM. Retried if the machine was lost. */
export const interruptedExitCode = 143;

/**
 * The run does not own the job: a later attempt, or the run of another submission, is working on it. This
 * code is not retried and says nothing about how the job ends.
 */
export const lostExitCode = 79;

/** The attempt could not write its data (`ENOSPC` of Linux). Retried. */
export const storageFullExitCode = 28;
