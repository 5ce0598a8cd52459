/** Something took longer than the request it belongs to may last. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
  constructor() {
    super('the time for the request has passed');
  }
}

/**
 * What a promise comes to, for as long as there is time. It is not stopped when there is none: what
 * hears a signal itself must be given it, too.
 *
 * @param signal aborted when there is no more time
 * @throws {DeadlinePassed}
 */
export function unlessPassed<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onPassed = () => reject(new DeadlinePassed());
    if (signal.aborted) onPassed();
    signal.addEventListener('abort', onPassed, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onPassed));
  });
}
