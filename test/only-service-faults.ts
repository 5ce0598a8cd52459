import { expect } from 'vitest';
import { ServiceFault } from '../lambda/operations/service-fault.ts';

/** Runs code that may refuse its input, and fails unless it throws only service faults. */
export function onlyServiceFaults(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceFault);
    const { kind, all } = error as ServiceFault;
    expect(kind).not.toBe('internal');
    for (const { text } of all) expect(text).not.toMatch(/undefined|\[object|NaN[^"]*allowed/);
  }
}

/** The fault that the code throws. */
export function faultOf(run: () => unknown): ServiceFault {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceFault);
    return error as ServiceFault;
  }
  throw new Error('no fault was thrown');
}
