import { expect, it } from 'vitest';
import type { JobChange } from '../../../batch-jobs/api/job.ts';
import { asynchronous, executeXml, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'status-updates',
    clause: 'OGC 05-007r7, 10.2.1, table 50, and 10.3.1',
    title:
      'With status, the stored response tells how far the job is: accepted, started, paused, succeeded or failed',
    status: 'done',
  },
  () => {
    /** The status document of a held job after changes of its record. */
    async function statusAfter(...changes: JobChange[]) {
      const { post, follow, engine, store } = serviceUnderTest();
      engine.isHeld = true;
      const accepted = await post(executeXml('fixed', [], responseDocument([], asynchronous)));
      const [location = ''] = accepted.select('//@statusLocation');
      const id = new URL(location).searchParams.get('jobId') ?? '';
      for (const change of changes) await store.update(id, () => change);
      return await follow(location);
    }
    const running = { status: 'running', percentCompleted: 0, message: 'The job runs.' } as const;

    it('the status of a waiting job is ProcessAccepted', async () => {
      const { select } = await statusAfter();
      expect(select('//wps:ProcessAccepted')).toEqual(['The job waits to be run.']);
    });

    it.each([
      [0, '0'],
      [40.7, '40'],
      [100, '99'],
    ])(
      'the status of a running job is ProcessStarted at %d percent',
      async (percentCompleted, shown) => {
        const { select } = await statusAfter({ ...running, percentCompleted, message: 'reading' });
        expect(select('//wps:ProcessStarted')).toEqual(['reading']);
        expect(select('//wps:ProcessStarted/@percentCompleted')).toEqual([shown]);
      },
    );

    it('the status of a job between two attempts is ProcessPaused', async () => {
      const { select } = await statusAfter(
        { ...running, percentCompleted: 40 },
        { status: 'paused', message: 'The next attempt follows.' },
      );
      expect(select('//wps:ProcessPaused')).toEqual(['The next attempt follows.']);
      expect(select('//wps:ProcessPaused/@percentCompleted')).toEqual(['40']);
    });

    it('the status of a failed job is ProcessFailed', async () => {
      const failure = { kind: 'internal', text: 'It broke.' } as const;
      const answer = await statusAfter({ status: 'failed', message: 'It broke.', failure });
      expect(answer.select('//wps:ProcessFailed')).toHaveLength(1);
      expect(answer.exception()).toEqual({ code: 'NoApplicableCode', text: 'It broke.' });
    });

    it('the status of a successful job is ProcessSucceeded, with the outputs', async () => {
      const { post, follow, engine } = serviceUnderTest();
      const accepted = await post(executeXml('fixed', [], responseDocument([], asynchronous)));
      await engine.idle();
      const { select } = await follow(accepted.select('//@statusLocation')[0]);
      expect(select('//wps:ProcessSucceeded')).toEqual(['The outputs are ready.']);
      expect(select('//wps:LiteralData')).toEqual(['12.5']);
      expect(select('//@percentCompleted')).toEqual([]);
    });

    it('the status is also served as JSON and as a page, by another format in the location', async () => {
      const { post, follow, engine } = serviceUnderTest();
      const accepted = await post(executeXml('fixed', [], responseDocument([], asynchronous)));
      await engine.idle();
      const [location = ''] = accepted.select('//@statusLocation');
      const json = await follow(location.replace('format=XML', 'format=JSON'));
      expect(JSON.parse(json.text)).toMatchObject({ status: 'successful', progress: 100 });
      const page = await follow(location.replace('format=XML', 'format=HTML'));
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('succeeded');
      const other = await follow(location.replace('format=XML', 'format=PDF'));
      expect(other.exception()).toMatchObject({ code: 'InvalidParameterValue', locator: 'format' });
    });
  },
);
