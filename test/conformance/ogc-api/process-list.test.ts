import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, type Document } from './api-under-test.ts';

requirement(
  {
    id: 'process-list',
    clause: 'OGC 18-062r2, 7.9',
    title: 'Processes are listed, page by page',
    status: 'done',
  },
  () => {
    const { read } = apiUnderTest();
    const json = { accept: 'application/json' };

    it('testProcessList: the process list is not empty', async () => {
      expect((await read('processes', json)).json().processes.length).toBeGreaterThan(0);
    });

    it('testProcessListSuccess: the process list is valid', async () => {
      const answer = await read('processes', json);
      expect(answer.status).toBe(200);
      expect(apiFaultsOf('processList', answer.json())).toEqual([]);
    });

    it('testPlLimitDefinition: the API definition has the parameter limit, an integer from 1', async () => {
      const { components, paths } = (await read('api')).json();
      expect(paths['/processes'].get.parameters).toContainEqual({
        $ref: '#/components/parameters/limit',
      });
      expect(components.parameters.limit).toMatchObject({
        name: 'limit',
        in: 'query',
        required: false,
        schema: { type: 'integer', minimum: 1, maximum: 1000, default: 10 },
      });
    });

    it('testPlLimitResponse: a page of the process list has no more entries than the limit', async () => {
      expect((await read('processes?limit=1', json)).json().processes).toHaveLength(1);
    });

    it('testPlLinks: pages of the process list lead to each other until all processes were listed', async () => {
      const seen: string[] = [];
      let target: string | undefined = 'processes?limit=2';
      while (target) {
        const page: Document = (await read(target)).json();
        seen.push(...page.processes.map(({ id }: Document) => id));
        target = page.links.find(({ rel }: Document) => rel === 'next')?.href;
      }
      const all = (await read('processes')).json().processes;
      expect(seen).toEqual(all.map(({ id }: Document) => id));
    });

    it('the process list has no next page if its last process is the last of a page', async () => {
      const { length } = (await read('processes')).json().processes;
      for (const [limit, next] of [
        [length, []],
        [length - 1, ['next']],
      ]) {
        const { links } = (await read(`processes?limit=${limit}`)).json();
        const rels = links.map(({ rel }: Document) => rel);
        expect(rels.filter((rel: string) => rel === 'next')).toEqual(next);
      }
    });

    it('a limit that is not a positive integer is refused, and one that is too large is capped', async () => {
      for (const limit of ['0', '-1', 'x', '1.5']) {
        const answer = await read(`processes?limit=${limit}`);
        expect(answer.status).toBe(400);
        expect(answer.json()['invalid-params']).toMatchObject([{ name: 'limit' }]);
      }
      expect((await read('processes?limit=1000000')).status).toBe(200);
    });

    it('the process list shows each process with its execution modes and links', async () => {
      const { processes } = (await read('processes')).json();
      for (const process of processes) {
        expect(process).toMatchObject({
          jobControlOptions: ['sync-execute', 'async-execute', 'dismiss'],
          outputTransmission: ['value', 'reference'],
        });
        const self = process.links.find(({ rel }: Document) => rel === 'self');
        expect((await read(self.href)).json()).toMatchObject({ id: process.id });
      }
    });
  },
);
