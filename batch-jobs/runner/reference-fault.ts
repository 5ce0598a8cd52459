import type { JobFailureCode } from '../api/job.ts';

/** Why a reference is not fetched. */
export class ReferenceFault extends Error {
  override readonly name = 'ReferenceFault';
  readonly code: JobFailureCode;
  /** Whether another attempt may succeed. */
  readonly isTransient: boolean;

  /** @param why in words for the client, without addresses */
  constructor(why: string, options: { code?: JobFailureCode; isTransient?: boolean } = {}) {
    super(why);
    this.isTransient = options.isTransient ?? false;
    this.code = options.code ?? (this.isTransient ? 'NoApplicableCode' : 'InvalidParameterValue');
  }
}
