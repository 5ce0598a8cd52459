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

let collected: Requirement[] | undefined;

/**
 * Declares a requirement together with the tests that prove it, or that prove how a client learns
 * that it is declined. `docs/conformance.md` is made of these declarations.
 */
export function requirement(of: Requirement, tests: () => void): void {
  if (collected) collected.push(of);
  else describe(`${of.id}: ${of.title}`, tests);
}

/** What the loaded test files declare; their tests are not run. */
export async function declaredBy(load: () => Promise<unknown>): Promise<Requirement[]> {
  const requirements: Requirement[] = [];
  collected = requirements;
  try {
    await load();
    return requirements;
  } finally {
    collected = undefined;
  }
}
