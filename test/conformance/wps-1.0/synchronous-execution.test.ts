import { expect, it } from 'vitest';
import { executeXml, literal } from '../../execute-xml.ts';
import { endpoint, serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'synchronous-execution',
    clause: 'OGC 05-007r7, 10.2.1, table 50, and 10.3.1',
    title: 'A response that is not stored comes when the job has ended',
    status: 'done',
    note: 'A gateway cuts long calls off. Past `SYNC_TIMEOUT_SECONDS` an exception tells where the response will be; the job goes on.',
  },
  () => {
    it('a synchronous response contains the outputs', async () => {
      const { select } = await serviceUnderTest().post(executeXml('fixed'));
      expect(select('//wps:ProcessSucceeded')).toHaveLength(1);
      expect(select('//wps:LiteralData')).toEqual(['12.5']);
    });

    it('a synchronous response of a failed job is an ExecuteResponse with the exception', async () => {
      const answer = await serviceUnderTest().post(
        executeXml('failing', [literal('exitCode', '65'), literal('message', 'No such layer.')]),
      );
      expect(answer.status).toBe(200);
      expect(answer.select('/wps:ExecuteResponse//wps:ProcessFailed')).toHaveLength(1);
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        text: 'No such layer.',
      });
    });

    it('a synchronous request waits no longer than a gateway does', async () => {
      const { post, engine, dependencies, follow } = serviceUnderTest({
        limits: { syncTimeoutSeconds: 20 },
      });
      engine.isHeld = true;
      const start = dependencies.now().getTime();
      const answer = await post(executeXml('fixed'));
      expect(dependencies.now().getTime() - start).toBe(20_000);
      expect(answer.status).toBe(400);
      const { code, text = '' } = answer.exception();
      expect(code).toBe('NoApplicableCode');
      const location = /http\S+/.exec(text)?.[0];
      expect(location).toContain(`${endpoint}jobStatus?jobId=`);
      expect((await follow(location)).select('//wps:ProcessAccepted')).toHaveLength(1);
    });
  },
);
