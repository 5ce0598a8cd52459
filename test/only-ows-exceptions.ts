import { expect } from 'vitest';
import { OwsException } from '../lambda/protocols/ows/ows-exception.ts';

/** Runs code that may refuse its input, and fails unless it throws only OWS exceptions. */
export function onlyOwsExceptions(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(OwsException);
    const { httpStatus, message } = error as OwsException;
    expect(httpStatus).toBeLessThan(502);
    expect(message).not.toMatch(/undefined|\[object|NaN[^"]*allowed/);
  }
}

/** The exception that the code throws. */
export function exceptionOf(run: () => unknown): OwsException {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(OwsException);
    return error as OwsException;
  }
  throw new Error('no exception was thrown');
}
