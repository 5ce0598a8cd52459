import type { StoreFaults } from '../faulty-object-store.ts';

/** What goes wrong for one actor: its calls of the store, and of the engine. */
export interface Faults extends StoreFaults {
  readonly beforeEngine?: (call: string) => void | Promise<void>;
  readonly afterEngine?: (call: string) => void | Promise<void>;
}

/** What no call of a process that has ended does any more. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Thrown by a fault: the call never comes back. What that means depends on who made it. */
export class NeverAnswers extends Error {
  override readonly name = 'NeverAnswers';
}

/** The same faults for who does as it is told when a call never answers. */
export function answering(faults: Faults, whenNot: () => Promise<never>): Faults {
  const waiting =
    <A extends readonly unknown[]>(hook: ((...args: A) => void | Promise<void>) | undefined) =>
    async (...args: A) => {
      try {
        await hook?.(...args);
      } catch (error) {
        if (error instanceof NeverAnswers) await whenNot();
        throw error;
      }
    };
  return {
    before: waiting(faults.before),
    after: waiting(faults.after),
    beforeEngine: waiting(faults.beforeEngine),
    afterEngine: waiting(faults.afterEngine),
  };
}
