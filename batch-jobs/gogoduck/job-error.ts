/**
 * Why a run fails, as the exit code says it. All but `unavailable` mean that another attempt would
 * fail the same way; their numbers are those of `sysexits.h`.
 */
const failureCodes = {
  /** The request says what cannot be: EX_USAGE. */
  badRequest: 64,
  /** The layer's data cannot give what was asked for: EX_DATAERR. */
  badData: 65,
  /** The layer, or a file it lists, is not there: EX_NOINPUT. */
  notThere: 66,
  /** A server did not answer; another attempt may succeed. */
  unavailable: 1,
} as const;

/** A run that cannot succeed, in words for the user: no paths, no stack traces. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly why: keyof typeof failureCodes;
  readonly exitCode: number;

  constructor(why: keyof typeof failureCodes, text: string, options?: { cause?: unknown }) {
    super(text, options);
    this.why = why;
    this.exitCode = failureCodes[why];
  }
}
