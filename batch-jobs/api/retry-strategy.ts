/** One rule of a retry strategy; the first rule that matches an attempt decides. */
export interface ExitRule {
  readonly action: 'RETRY' | 'EXIT';
  /** The status reason that AWS Batch gives for the job; `*` at the end matches the rest. */
  readonly onStatusReason?: string;
  /** The reason that the container agent gives for the container. */
  readonly onReason?: string;
  readonly onExitCode?: string;
}

/**
 * When AWS Batch retries a job. Used for the job definition and for each submission, because a strategy in a
 * submission replaces the whole strategy of the definition.
 *
 * Exit codes 64 to 78 mean that the request is at fault (`exit-codes.ts`). Batch accepts five rules and no
 * ranges, so two patterns represent the fifteen codes. Of the other codes that match the patterns, the runner
 * uses only 79, which means that it does not own the job. An exit that matches no rule is retried.
 *
 * Source: AWS Batch User Guide, "Automated job retries"; API reference, `EvaluateOnExit`.
 */
export function retryStrategy(attempts: number): {
  readonly attempts: number;
  readonly evaluateOnExit: readonly ExitRule[];
} {
  return {
    attempts,
    evaluateOnExit: [
      // The machine was lost, for example to a Spot reclaim.
      { onStatusReason: 'Host EC2*', action: 'RETRY' },
      // The next attempt would also run out of memory.
      { onReason: 'OutOfMemoryError*', action: 'EXIT' },
      { onExitCode: '6*', action: 'EXIT' },
      { onExitCode: '7*', action: 'EXIT' },
    ],
  };
}
