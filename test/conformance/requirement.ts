import { describe } from 'vitest';

/** Something that the standard says a server must or may do. */
export type Requirement = {
  /** Name of the test file, without its extension. */
  readonly id: string;
  /** The document and the clause that state it. */
  readonly clause: string;
  readonly title: string;
} & (
  | {
      readonly status: 'done';
      /** Explanation where the service does it in an unexpected way. */
      readonly note?: string;
    }
  | {
      readonly status: 'declined';
      readonly why: string;
    }
);

/**
 * Declares a requirement together with the tests that prove it, or that prove how a client learns that it is
 * declined. `docs/generate-conformance.ts` reads these declarations as text, so they must be plain strings.
 */
export function requirement(of: Requirement, tests: () => void): void {
  describe(`${of.id}: ${of.title}`, tests);
}
