import { ServiceFault } from '../lambda/service-fault.ts';

/** Runs code that may refuse its input, and fails unless it throws only service faults. */
export function onlyServiceFaults(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    // Without `expect`, which takes longer than the code, and properties are checked thousands of times.
    if (!(error instanceof ServiceFault) || error.kind === 'internal') throw error;
    const wrong = error.all.find(({ text }) => /undefined|\[object|NaN[^"]*allowed/.test(text));
    if (wrong) throw new Error(`a fault reads: ${wrong.text}`);
  }
}

/** The fault that the code throws. */
export function faultOf(run: () => unknown): ServiceFault {
  try {
    run();
  } catch (error) {
    if (error instanceof ServiceFault) return error;
    throw error;
  }
  throw new Error('no fault was thrown');
}
