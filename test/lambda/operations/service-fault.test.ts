import { describe, expect, it } from 'vitest';
import { checkAll, mostFaults, ServiceFault } from '../../../lambda/service-fault.ts';
import { faultOf } from '../../only-service-faults.ts';

const refusing = (fault: Error) => () => {
  throw fault;
};

describe('a fault of a request', () => {
  it('a fault repeats at most 1,000 characters of its text and 100 of its subject', () => {
    const whole = new ServiceFault('internal', 'x'.repeat(1_000), { subject: 's'.repeat(100) });
    expect([whole.message, whole.subject]).toEqual(['x'.repeat(1_000), 's'.repeat(100)]);
    const cut = new ServiceFault('internal', 'x'.repeat(1_001), { subject: 's'.repeat(101) });
    expect([cut.message, cut.subject]).toEqual([
      `${'x'.repeat(1_000)}...`,
      `${'s'.repeat(100)}...`,
    ]);
    expect(cut.all).toEqual([{ kind: 'internal', text: cut.message, subject: cut.subject }]);
  });

  it('checks are answered with their results if no check fails', () => {
    expect(checkAll([() => 1, () => 2])).toEqual([1, 2]);
  });

  it('checks that fail together are one fault, which is the first and lists all', () => {
    const cause = new Error('why');
    const first = new ServiceFault('busy', 'one', { subject: 'a', retryAfterSeconds: 3, cause }, [
      { kind: 'internal', text: 'two' },
    ]);
    const second = new ServiceFault('too-large', 'three', { subject: 'c' }, [
      { kind: 'forbidden', text: 'four' },
    ]);
    const fault = faultOf(() => checkAll([refusing(first), () => 1, refusing(second)]));
    expect(fault).toMatchObject({
      kind: 'busy',
      message: 'one',
      subject: 'a',
      retryAfterSeconds: 3,
      cause,
    });
    expect(fault.all).toEqual([
      { kind: 'busy', subject: 'a', text: 'one' },
      { kind: 'internal', text: 'two' },
      { kind: 'too-large', subject: 'c', text: 'three' },
      { kind: 'forbidden', text: 'four' },
    ]);
    expect(faultOf(() => checkAll([refusing(first)]))).toBe(first);
  });

  it('checks end at once when one fails for a reason that is no fault of the request', () => {
    let checks = 0;
    const count = () => ++checks;
    expect(() => checkAll([refusing(new Error('the disk is gone')), count])).toThrow(
      'the disk is gone',
    );
    expect(checks).toBe(0);
  });

  it('checks end after the hundredth fault', () => {
    let checks = 0;
    const failing = Array.from({ length: mostFaults + 1 }, () => () => {
      checks++;
      throw new ServiceFault('invalid-value', 'no');
    });
    expect(faultOf(() => checkAll(failing)).all).toHaveLength(100);
    expect(checks).toBe(100);
  });
});
