import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import {
  type ApiUnderTest,
  apiUnderTest,
  asynchronously,
  type Document,
} from './api-under-test.ts';

requirement(
  {
    id: 'job-list',
    clause: 'OGC 18-062r2, 11',
    title: 'Jobs are listed latest first, by filters, page by page',
    status: 'done',
    note: 'For callers with an identity, who see their own, and for the one user of the embedded mode. One page costs the same regardless of the number of jobs.',
  },
  () => {
    const idsOf = (page: Document): string[] => page.jobs.map(({ jobID }: Document) => jobID);
    const listed = async ({ read }: ApiUnderTest, query = '') => {
      const answer = await read(`jobs${query}`);
      expect(answer.status, answer.text).toBe(200);
      expect(apiFaultsOf('jobList', answer.json())).toEqual([]);
      return answer.json();
    };

    /** One job of each final status, oldest first: failed, successful, dismissed. Then one that waits. */
    async function mixedJobs() {
      const api = apiUnderTest();
      const failed = await api.runToEnd('failing', { inputs: { exitCode: 65 } });
      const successful = await api.runToEnd('fixed', { labels: ['a', 'b & <c>'] });
      api.engine.isHeld = true;
      const held = async (process: string) =>
        (await api.execute(process, { labels: ['a'] }, asynchronously)).json().jobID as string;
      const dismissed = await held('fixed');
      await api.call('DELETE', `jobs/${dismissed}`);
      const accepted = await held('fixed');
      return { api, failed, successful, dismissed, accepted };
    }

    it('testJobList and testJobListSuccess: the job list is valid and contains every job, including waiting ones', async () => {
      const { api, failed, successful, dismissed, accepted } = await mixedJobs();
      expect(new Set(idsOf(await listed(api)))).toEqual(
        new Set([accepted, dismissed, successful, failed]),
      );
    });

    it('the job list is empty if there are no jobs', async () => {
      expect((await listed(apiUnderTest())).jobs).toEqual([]);
    });

    it('the job list can be filtered by status, process, type and label', async () => {
      const { api, failed, successful, dismissed, accepted } = await mixedJobs();
      const found = async (query: string) => new Set(idsOf(await listed(api, query)));
      expect(await found('?status=failed')).toEqual(new Set([failed]));
      expect(await found('?status=successful,dismissed')).toEqual(new Set([successful, dismissed]));
      expect(await found('?status=successful&status=accepted')).toEqual(
        new Set([successful, accepted]),
      );
      expect(await found('?processID=failing')).toEqual(new Set([failed]));
      expect(await found('?processID=failing,other')).toEqual(new Set([failed]));
      expect(await found('?type=process&status=running')).toEqual(new Set());
      expect(await found('?label=a')).toEqual(new Set([successful, dismissed, accepted]));
      expect(await found(`?label=a&label=${encodeURIComponent('b & <c>')}`)).toEqual(
        new Set([successful]),
      );
    });

    it('the job list can be filtered by time of creation', async () => {
      const api = apiUnderTest();
      const early = await api.runToEnd('fixed', {});
      // The clock advances while the service waits.
      await api.dependencies.wait(3_600_000);
      const late = await api.runToEnd('fixed', {});
      const found = async (datetime: string) => idsOf(await listed(api, `?datetime=${datetime}`));
      expect(await found('2026-01-01T00:00:00Z/2026-01-01T00:30:00Z')).toEqual([early]);
      expect(await found('2026-01-01T00:30:00Z/..')).toEqual([late]);
      expect(await found('../2026-01-01T00:30:00Z')).toEqual([early]);
      expect(await found('2026-01-01')).toEqual([late, early]);
      expect(await found('2026-01-02')).toEqual([]);
      expect(await found('2026-01-01T00:00:00Z')).toEqual([early]);
      // The format in which the service states when a job was created.
      expect(await found('2026-01-01T00:00:00.000Z')).toEqual([early]);
      expect(await found('../2026-01-01T00:00:00.000Z')).toEqual([early]);
      expect(await found('2026-01-01T10:00:00%2B10:00/2026-01-01T10:30:00%2B10:00')).toEqual([
        early,
      ]);
    });

    it('the job list can be filtered by duration', async () => {
      const { api, failed, successful } = await mixedJobs();
      const found = async (query: string) => new Set(idsOf(await listed(api, query)));
      expect(await found('?maxDuration=3600')).toEqual(new Set([failed, successful]));
      expect(await found('?minDuration=3600')).toEqual(new Set());
    });

    it.each([
      ['status', 'done'],
      ['type', 'wps'],
      ['datetime', 'yesterday'],
      ['datetime', '2026-02-01/2026-01-01'],
      ['datetime', '2026-01-01/2026-01-02/2026-01-03'],
      ['minDuration', '-1'],
      ['maxDuration', 'PT1H'],
      ['limit', '0'],
      ['cursor', '../../x'],
    ])('a job list with %s=%s is refused by the name of the parameter', async (name, value) => {
      const answer = await apiUnderTest().read(`jobs?${name}=${encodeURIComponent(value)}`);
      expect(answer.status).toBe(400);
      expect(answer.json()['invalid-params']).toMatchObject([{ name }]);
    });

    it.each([
      'limit=1&limit=2',
      'minDuration=1&minDuration=2',
      'datetime=2026-01-01&datetime=2026-01-02',
      'f=json&f=html',
    ])('the job list refuses a parameter of one value that is given twice: %s', async (query) => {
      const answer = await apiUnderTest().read(`jobs?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.json()['invalid-params']).toMatchObject([{ name: query.split('=')[0] }]);
      expect((await apiUnderTest().read('jobs?limit=2&limit=2')).status).toBe(200);
    });

    it('pages of the job list contain each job once, latest first, and keep the filters', async () => {
      const api = apiUnderTest();
      const made: string[] = [];
      for (let count = 0; count < 7; count++) {
        made.unshift(await api.runToEnd('fixed', { labels: ['x & y'] }));
        await api.dependencies.wait(1_000);
      }
      const seen: string[] = [];
      let target: string | undefined = '?limit=3&label=x+%26+y';
      let pages = 0;
      while (target) {
        const page: Document = await listed(api, target);
        expect(page.jobs.length).toBeLessThanOrEqual(3);
        seen.push(...idsOf(page));
        const next = page.links.find(({ rel }: Document) => rel === 'next')?.href;
        target = next && new URL(next).search;
        pages++;
      }
      expect(seen).toEqual(made);
      expect(pages).toBe(3);
    });

    it('links of the job list keep its parameters except for the format', async () => {
      const api = apiUnderTest();
      await api.runToEnd('fixed', {});
      await api.runToEnd('fixed', {});
      const { links } = await listed(api, '?f=json&limit=1&status=successful');
      const queryOf = (rel: string) =>
        new URL(links.find((link: Document) => link.rel === rel).href).searchParams;
      expect(String(queryOf('self'))).toBe('limit=1&status=successful');
      expect([...queryOf('next').keys()]).toEqual(['limit', 'status', 'cursor']);
    });

    it('the next page of the job list continues correctly after new jobs were created', async () => {
      const api = apiUnderTest();
      const first = await api.runToEnd('fixed', {});
      await api.dependencies.wait(1_000);
      const second = await api.runToEnd('fixed', {});
      const page = await listed(api, '?limit=1');
      await api.dependencies.wait(1_000);
      await api.runToEnd('fixed', {});
      const next = page.links.find(({ rel }: Document) => rel === 'next').href;
      expect([...idsOf(page), ...idsOf(await listed(api, new URL(next).search))]).toEqual([
        second,
        first,
      ]);
    });

    it('the job list contains jobs of other protocols', async () => {
      const api = apiUnderTest();
      const answer = await api.get('service=WPS&version=1.0.0&request=Execute&identifier=fixed');
      expect(answer.status).toBe(200);
      expect((await listed(api)).jobs).toMatchObject([{ processID: 'fixed' }]);
    });
  },
);
