import { describe } from 'vitest';

/** One thing that the standard says a server must or may do. */
export type Requirement = {
  /** Name of the test file, without its ending. */
  readonly id: string;
  /** Document and clause it is said in. */
  readonly clause: string;
  readonly title: string;
} & (
  | {
      readonly status: 'done';
      /** Where it is done in another way than one might think. */
      readonly note?: string;
    }
  | {
      readonly status: 'declined';
      readonly why: string;
    }
);

/**
 * Declares a requirement together with the tests that prove it, or that prove how a client learns
 * that it is declined. `docs/generate-conformance.ts` reads these declarations as text, so they are
 * plain strings.
 */
export function requirement(of: Requirement, tests: () => void): void {
  describe(`${of.id}: ${of.title}`, tests);
}
