import { expect, it } from 'vitest';
import { executeXml, literal } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'process-failed',
    clause: 'OGC 05-007r7, 10.3.1',
    title: 'ProcessFailed holds an exception report that tells what went wrong',
    status: 'done',
  },
  () => {
    it.each([
      ['65', 'InvalidParameterValue'],
      ['78', 'InvalidParameterValue'],
      ['1', 'NoApplicableCode'],
      ['137', 'NoApplicableCode'],
    ])('a command that ends with code %s fails the job with %s', async (exitCode, code) => {
      const { post } = serviceUnderTest();
      const answer = await post(
        executeXml('failing', [literal('exitCode', exitCode), literal('message', 'a &lt; b')]),
      );
      expect(answer.select('//wps:ProcessFailed/ows:ExceptionReport/@version')).toEqual(['1.1.0']);
      expect(answer.exception()).toEqual({ code, text: 'a < b' });
      expect(answer.select('//wps:ProcessOutputs')).toEqual([]);
    });

    it('the exception of a failed job reveals nothing of its machine', async () => {
      const { post, log } = serviceUnderTest({
        catalogue: [
          {
            identifier: 'broken',
            version: '1',
            title: 'Broken',
            inputs: [],
            outputs: [{ kind: 'literal', identifier: 'a', title: 'A', dataType: 'string' }],
            job: {
              image: 'broken',
              command: ['/no/such/program'],
              queue: 'small',
              vcpus: 1,
              memoryMiB: 1,
              scratchGiB: 1,
              timeoutSeconds: 60,
              attempts: 1,
            },
          },
        ],
      });
      const answer = await post(executeXml('broken'));
      expect(answer.exception().text).toBe('The job failed for a reason inside the service.');
      expect(log.join()).toContain('/no/such/program');
    });
  },
);
