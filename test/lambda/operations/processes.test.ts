import { describe, expect, it } from 'vitest';
import { describeProcess, listProcesses } from '../../../lambda/operations/processes.ts';
import { ServiceFault } from '../../../lambda/service-fault.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const offer = (processes: readonly string[]) =>
  serviceUnderTest({ configuration: { processes } }).dependencies;

function faultOf(work: () => unknown) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    const { kind, message, subject } = error;
    return { kind, message, subject };
  }
}

describe('the offered processes', () => {
  it('the offered processes are those of the catalogue that are configured', () => {
    const listed = listProcesses(offer(['failing', 'unheard-of', 'fixed']));
    expect(listed.map(({ identifier }) => identifier).toSorted()).toEqual(['failing', 'fixed']);
    expect(describeProcess('fixed', offer(['fixed'])).identifier).toBe('fixed');
  });

  it.each([[[]], [['unheard-of']]])(
    'the offered processes are a fault inside the service if none can run here: configured %j',
    (processes) => {
      const fault = {
        kind: 'internal',
        message:
          'No process is configured: the configuration of environment "TEST" has a job definition for none.',
        subject: undefined,
      };
      expect(faultOf(() => listProcesses(offer(processes)))).toEqual(fault);
      expect(faultOf(() => describeProcess('fixed', offer(processes)))).toEqual(fault);
    },
  );

  it('the offered processes are named to a caller who asks for another', () => {
    expect(faultOf(() => describeProcess('Fixed', offer(['fixed'])))).toEqual({
      kind: 'unknown-process',
      message: 'Process "Fixed" is not offered; processes are "fixed".',
      subject: 'Fixed',
    });
  });
});
