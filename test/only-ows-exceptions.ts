import { OwsException } from '../lambda/protocols/ows/ows-exception.ts';

/** Runs code that may refuse its input, and fails unless it throws only OWS exceptions. */
export function onlyOwsExceptions(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    // Without `expect`, which takes longer than the code, and properties are checked thousands of times.
    if (!(error instanceof OwsException)) throw error;
    const { httpStatus, message } = error;
    if (httpStatus >= 502 || /undefined|\[object|NaN[^"]*allowed/.test(message)) {
      throw new Error(`an exception with status ${httpStatus} reads: ${message}`);
    }
  }
}

/** The exception that the code throws. */
export function exceptionOf(run: () => unknown): OwsException {
  try {
    run();
  } catch (error) {
    if (error instanceof OwsException) return error;
    throw error;
  }
  throw new Error('no exception was thrown');
}
