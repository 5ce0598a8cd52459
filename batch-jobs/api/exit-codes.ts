/**
 * Exit codes of a process's command and of the runner: 0 is done; 64 to 78 (the range of
 * `sysexits.h`) say that the request is at fault and another attempt would fail the same way;
 * anything else may be tried again.
 */
export const requestFaultCodes = { first: 64, last: 78 } as const;

/** Whether a run that ended so must not be tried again. */
export function isRequestFault(exitCode: number): boolean {
  return exitCode >= requestFaultCodes.first && exitCode <= requestFaultCodes.last;
}

/** A run that was told to stop: 128 + SIGTERM. Tried again where the machine went. */
export const interruptedExitCode = 143;

/**
 * A run found that the job is not its own: a later attempt, or the run of another submission, works on
 * it. Not tried again where it is said, and no sign of how the job ends.
 */
export const lostExitCode = 79;

/** The attempt could not write what it had to (`ENOSPC` of Linux). Tried again. */
export const storageFullExitCode = 28;
