import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { aboutJob, executeXml, input, output } from './requests.ts';

requirement(
  {
    id: 'asynchronous-execute',
    clause: '14-065r2, 9.6, 9.7',
    title:
      'An asynchronous Execute answers with the status; GetStatus and GetResult follow the job',
    status: 'done',
  },
  () => {
    it('GetStatus answers for a waiting job, and GetResult has no result yet', async () => {
      const { post, engine } = serviceUnderTest();
      engine.isHeld = true;
      const accepted = await post(executeXml('fixed', [], [output('number')], { mode: 'async' }));
      expect(accepted.select('/wps:StatusInfo/wps:Status')).toEqual(['Accepted']);
      expect(accepted.select('//wps:NextPoll')).toHaveLength(1);
      const [id = ''] = accepted.select('//wps:JobID');
      const early = await post(aboutJob('GetResult', id));
      expect(early.status).toBe(400);
      expect(early.exception()).toMatchObject({ code: 'ResultNotReady', locator: id });
    });

    it('GetResult answers the result of a job that has ended', async () => {
      const { post, get, engine } = serviceUnderTest();
      const accepted = await post(executeXml('fixed', [], [output('number')], { mode: 'async' }));
      await engine.idle();
      const [id = ''] = accepted.select('//wps:JobID');
      const kvp = { service: 'WPS', version: '2.0.0', jobId: id };
      const status = await get({ ...kvp, request: 'GetStatus' });
      expect(status.select('//wps:Status')).toEqual(['Succeeded']);
      expect(status.select('//wps:PercentCompleted')).toEqual(['100']);
      expect(status.select('//wps:NextPoll')).toEqual([]);
      expect((await post(aboutJob('GetStatus', id))).text).toBe(status.text);
      const result = await get({ ...kvp, request: 'GetResult' });
      expect(result.select('/wps:Result/wps:JobID')).toEqual([id]);
      expect(result.select('//wps:Output/@id')).toEqual(['number']);
    });

    it('status and result of a job that has ended say when it expires', async () => {
      const { post, store, engine } = serviceUnderTest({ configuration: { retentionDays: 14 } });
      engine.isHeld = true;
      const execute = executeXml('fixed', [], [output('number')], { mode: 'async' });
      expect((await post(execute)).select('//wps:ExpirationDate')).toEqual([]);
      engine.isHeld = false;
      const accepted = await post(execute);
      await engine.idle();
      const [id = ''] = accepted.select('//wps:JobID');
      const endedAt = (await store.read(id))?.job.endedAt ?? '';
      const expiry = new Date(Date.parse(endedAt) + 14 * 86_400_000).toISOString();
      for (const operation of ['GetStatus', 'GetResult', 'Dismiss'] as const) {
        const answer = await post(aboutJob(operation, id));
        expect(answer.select('/*/wps:ExpirationDate'), operation).toEqual([expiry]);
      }
    });

    it('GetResult answers with the output itself if Execute asked for raw data', async () => {
      const { post, engine } = serviceUnderTest();
      const accepted = await post(
        executeXml('fixed', [], [output('number')], { mode: 'async', response: 'raw' }),
      );
      await engine.idle();
      const [id = ''] = accepted.select('//wps:JobID');
      const result = await post(aboutJob('GetResult', id));
      expect(Number(result.text)).not.toBeNaN();
    });

    it('Execute ignores white space around the identifier of the process', async () => {
      const answer = await serviceUnderTest().post(executeXml('\n fixed ', [], [output('number')]));
      expect(answer.select('/wps:Result/wps:Output/@id')).toEqual(['number']);
    });

    it('mode auto leaves the choice of synchronous or asynchronous to the service', async () => {
      const { post } = serviceUnderTest();
      const answer = await post(executeXml('fixed', [], [output('number')], { mode: 'auto' }));
      expect(answer.status).toBe(200);
      expect(answer.select('/*[self::wps:StatusInfo or self::wps:Result]')).toHaveLength(1);
    });

    it('GetStatus says that a job failed, and its result is the exception', async () => {
      const { post, engine } = serviceUnderTest();
      const accepted = await post(
        executeXml(
          'failing',
          [input('exitCode', '64'), input('message', 'Bad')],
          [output('number')],
          { mode: 'async' },
        ),
      );
      await engine.idle();
      const [id = ''] = accepted.select('//wps:JobID');
      expect((await post(aboutJob('GetStatus', id))).select('//wps:Status')).toEqual(['Failed']);
      expect((await post(aboutJob('GetResult', id))).exception()).toMatchObject({ text: 'Bad' });
    });
  },
);
