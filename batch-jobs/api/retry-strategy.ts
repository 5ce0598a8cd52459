/** One rule of a retry strategy; the first that matches an attempt decides. */
export interface ExitRule {
  readonly action: 'RETRY' | 'EXIT';
  /** What AWS Batch says of the job; `*` at the end matches the rest. */
  readonly onStatusReason?: string;
  /** What the container agent says of the container. */
  readonly onReason?: string;
  readonly onExitCode?: string;
}

/**
 * When AWS Batch tries a job again, for its job definition and for each submission (a strategy that
 * comes with a submission replaces that of the definition whole).
 *
 * Exit codes 64 to 78 are requests at fault (`exit-codes.ts`). Batch takes five rules and no ranges,
 * so two patterns stand for the fifteen codes. Of the others that they match, the runner ends only with
 * 79, when the job is not its own. What no rule matches is tried again.
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
      // The machine went, a Spot reclaim for one.
      { onStatusReason: 'Host EC2*', action: 'RETRY' },
      // It would be used up again.
      { onReason: 'OutOfMemoryError*', action: 'EXIT' },
      { onExitCode: '6*', action: 'EXIT' },
      { onExitCode: '7*', action: 'EXIT' },
    ],
  };
}
