import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { aboutJob, executeXml, output } from './requests.ts';

requirement(
  {
    id: 'dismiss',
    clause: '14-065r2, 10',
    title: 'Dismiss ends a job; a job that has ended stays as it is',
    status: 'done',
  },
  () => {
    it('Dismiss ends a waiting job, which then has no result', async () => {
      const { post, engine } = serviceUnderTest();
      engine.isHeld = true;
      const accepted = await post(executeXml('fixed', [], [output('number')], { mode: 'async' }));
      const [id = ''] = accepted.select('//wps:JobID');
      const dismissed = await post(aboutJob('Dismiss', id));
      expect(dismissed.select('/wps:StatusInfo/wps:Status')).toEqual(['Dismissed']);
      expect((await post(aboutJob('GetStatus', id))).select('//wps:Status')).toEqual(['Dismissed']);
      expect((await post(aboutJob('GetResult', id))).select('//ows:Exception')).toHaveLength(1);
    });

    it.each(['GetStatus', 'GetResult', 'Dismiss'] as const)(
      '%s of an unknown job is refused with its id',
      async (operation) => {
        const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
        const answer = await serviceUnderTest().post(aboutJob(operation, id));
        expect(answer.status).toBe(404);
        expect(answer.exception()).toMatchObject({ code: 'NoSuchJob', locator: id });
      },
    );
  },
);
