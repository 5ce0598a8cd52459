/**
 * A job that needed more memory than its container may use: the next attempt would, too, so the
 * runner ends with a code that is not tried again (`EX_OSERR` of `sysexits.h`).
 */
export const outOfMemory = {
  exitCode: 71,
  /** For the user. */
  text: 'The job needed more memory than it may use. Ask for less: a smaller area, or a shorter time.',
} as const;
