/**
 * Why a run fails, as an exit code. All except `unavailable` mean that another attempt would fail the same
 * way; their numbers come from `sysexits.h`.
 */
const failureCodes = {
  /** The request asks for something impossible: EX_USAGE. */
  badRequest: 64,
  /** The layer's data cannot satisfy the request: EX_DATAERR. */
  badData: 65,
  /** The layer, or a file it lists, does not exist: EX_NOINPUT. */
  notThere: 66,
  /** A server did not respond; another attempt may succeed. */
  unavailable: 1,
} as const;

/** A run that cannot succeed, with a text for the user: no paths, no stack traces. */
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

/** What a form can already read of an input; undefined while a run would refuse it. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof JobError) return undefined;
    throw error;
  }
}
