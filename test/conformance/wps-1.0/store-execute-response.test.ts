import { expect, it } from 'vitest';
import { executeXml, literal, responseDocument } from '../../execute-xml.ts';
import { endpoint, serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'store-execute-response',
    clause: 'OGC 05-007r7, 10.2.1, table 50, and 10.3.1',
    title:
      'A stored response is answered at once, with its location; without status it tells nothing before the end',
    status: 'done',
  },
  () => {
    const stored = responseDocument([], 'storeExecuteResponse="true"');

    it('a stored response is answered before the job has run, with its location', async () => {
      const { post, engine } = serviceUnderTest();
      engine.isHeld = true;
      const { select, status } = await post(executeXml('fixed', [], stored));
      expect(status).toBe(200);
      expect(select('//wps:Status/wps:ProcessAccepted')).toHaveLength(1);
      const [location] = select('/wps:ExecuteResponse/@statusLocation');
      expect(location).toMatch(
        new RegExp(`^${endpoint}jobStatus\\?jobId=[0-9a-f-]{36}&format=XML$`),
      );
    });

    it('a stored response without status does not change until the job has ended', async () => {
      const { post, follow, engine, store } = serviceUnderTest();
      engine.isHeld = true;
      const accepted = await post(executeXml('fixed', [], stored));
      const [location = ''] = accepted.select('//@statusLocation');
      const id = new URL(location).searchParams.get('jobId') ?? '';
      await store.update(id, () => ({
        status: 'running',
        percentCompleted: 40,
        message: 'reading',
      }));
      expect((await follow(location)).text).toBe(accepted.text);
    });

    it('a stored response contains the outputs after the end', async () => {
      const { post, follow, engine } = serviceUnderTest();
      const accepted = await post(executeXml('fixed', [], stored));
      await engine.idle();
      const { select } = await follow(accepted.select('//@statusLocation')[0]);
      expect(select('//wps:ProcessSucceeded')).toHaveLength(1);
      expect(select('//wps:LiteralData')).toEqual(['12.5']);
    });

    it('a stored response contains the exception after a failure', async () => {
      const { post, follow, engine } = serviceUnderTest();
      const accepted = await post(executeXml('failing', [literal('exitCode', '65')], stored));
      await engine.idle();
      const answer = await follow(accepted.select('//@statusLocation')[0]);
      expect(answer.select('//wps:ProcessFailed')).toHaveLength(1);
      expect(answer.exception()).toMatchObject({ text: 'It was told to fail.' });
    });

    it('a stored response is found with parameters that clients add to its location, in any order and case', async () => {
      const { post, send, engine } = serviceUnderTest();
      const accepted = await post(executeXml('fixed', [], stored));
      await engine.idle();
      const [location = ''] = accepted.select('//@statusLocation');
      const id = new URL(location).searchParams.get('jobId');
      for (const query of [
        `language=en&format=XML&jobId=${id}`,
        `JOBID=${id}`,
        `jobid=${id}&x`,
        `jobId=${id}&format=`,
      ]) {
        const { select } = await send({ path: '/TEST/wps/jobStatus', query });
        expect(select('//wps:ProcessSucceeded')).toHaveLength(1);
      }
    });
  },
);
