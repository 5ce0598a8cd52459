import type { JobFailureKind } from '../api/job.ts';

/** A run that cannot succeed, with the reason in words for the user. */
export class JobFault extends Error {
  override readonly name = 'JobFault';
  /** Exit code of the runner: 64 to 78 if another attempt would fail the same way. Default: 1. */
  readonly exitCode: number;
  readonly kind: JobFailureKind;
  /** Identifier of the input at fault. */
  readonly subject: string | undefined;

  constructor(
    text: string,
    options: {
      exitCode?: number;
      kind?: JobFailureKind;
      subject?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
    this.kind = options.kind ?? 'internal';
    this.subject = options.subject;
  }
}
