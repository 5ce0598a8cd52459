/**
 * The job needed more memory than its container may use. The next attempt would need it too, so the runner
 * ends with a code that is not retried (`EX_OSERR` of `sysexits.h`).
 */
export const outOfMemory = {
  exitCode: 71,
  text: 'The job needed more memory than it may use. Ask for less: a smaller area, or a shorter time.',
} as const;
