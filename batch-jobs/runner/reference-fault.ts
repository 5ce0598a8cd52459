import type { JobFailureKind } from '../api/job.ts';

/** Why a reference is not fetched. */
export class ReferenceFault extends Error {
  override readonly name = 'ReferenceFault';
  readonly kind: JobFailureKind;
  /** Whether another attempt may succeed. */
  readonly isTransient: boolean;

  /** @param why in words for the client, without addresses */
  constructor(why: string, options: { kind?: JobFailureKind; isTransient?: boolean } = {}) {
    super(why);
    this.isTransient = options.isTransient ?? false;
    this.kind = options.kind ?? (this.isTransient ? 'internal' : 'invalid-value');
  }
}
