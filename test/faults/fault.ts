import type { StoreFaults } from '../faulty-object-store.ts';

/** Faults of one actor, in its calls of the store and of the engine. */
export interface Faults extends StoreFaults {
  readonly beforeEngine?: (call: string) => void | Promise<void>;
  readonly afterEngine?: (call: string) => void | Promise<void>;
}

/** Without a stack trace, because worlds throw thousands of faults and log each of them. */
class Fault extends Error {
  constructor(message?: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Thrown by every call of a process that has ended. */
export class Killed extends Fault {
  override readonly name = 'Killed';
}

/** Thrown by a fault when a call never returns. Its meaning depends on the caller. */
export class NeverAnswers extends Fault {
  override readonly name = 'NeverAnswers';
}

/** Thrown by a call that fails, or whose answer is lost. */
export class NoAnswer extends Fault {
  override readonly name = 'NoAnswer';
  constructor() {
    super('no answer');
  }
}

/** The same faults, for an actor that does `whenNot` when a call never answers. */
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
