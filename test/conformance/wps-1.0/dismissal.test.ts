import { expect, it } from 'vitest';
import { asynchronous, executeXml, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'dismissal',
    clause: 'OGC 18-062r2, 11 (beyond WPS 1.0.0)',
    title: 'A job is dismissed by DELETE on its status URL, and ends as ProcessFailed',
    status: 'done',
    note: 'Every caller that knows the id of a job, which cannot be guessed, may dismiss it.',
  },
  () => {
    async function heldJob() {
      const service = serviceUnderTest();
      service.engine.isHeld = true;
      const accepted = await service.post(
        executeXml('fixed', [], responseDocument([], asynchronous)),
      );
      const [location = ''] = accepted.select('//@statusLocation');
      const { pathname: path, search } = new URL(location);
      const dismiss = () => service.send({ method: 'DELETE', path, query: search.slice(1) });
      return { service, location, dismiss };
    }

    it("DELETE on a status URL ends the job's record and its run", async () => {
      const { service, location, dismiss } = await heldJob();
      const answer = await dismiss();
      expect(answer.status).toBe(200);
      expect(answer.select('//wps:ProcessFailed')).toHaveLength(1);
      expect(answer.exception()).toEqual({
        code: 'NoApplicableCode',
        text: 'The job was dismissed by the client.',
      });
      expect((await service.follow(location)).text).toBe(answer.text);
      const id = new URL(location).searchParams.get('jobId') ?? '';
      const stored = await service.store.read(id);
      expect(stored?.job.status).toBe('dismissed');
      expect(await service.engine.describe(stored?.job.engineJobId ?? '')).toMatchObject({
        status: 'FAILED',
      });
    });

    it('a second DELETE, or one after the end, changes nothing', async () => {
      const { dismiss } = await heldJob();
      const first = await dismiss();
      expect((await dismiss()).text).toBe(first.text);

      const { post, engine, send } = serviceUnderTest();
      const accepted = await post(executeXml('fixed', [], responseDocument([], asynchronous)));
      await engine.idle();
      const { pathname: path, search } = new URL(accepted.select('//@statusLocation')[0] ?? '');
      const after = await send({ method: 'DELETE', path, query: search.slice(1) });
      expect(after.select('//wps:ProcessSucceeded')).toHaveLength(1);
    });

    it('DELETE with an unknown job id finds no job', async () => {
      const { service } = await heldJob();
      const query = 'jobId=3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
      const path = '/TEST/wps/jobStatus';
      expect((await service.send({ method: 'DELETE', path, query })).status).toBe(404);
      expect((await service.send({ method: 'DELETE', path })).exception()).toMatchObject({
        code: 'MissingParameterValue',
        locator: 'jobId',
      });
    });
  },
);
