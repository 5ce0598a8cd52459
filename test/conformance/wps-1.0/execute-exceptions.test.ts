import { expect, it } from 'vitest';
import { executeXml, literal, output, responseDocument } from '../../execute-xml.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'execute-exceptions',
    clause: 'OGC 05-007r7, 10.3',
    title:
      'Execute refuses with the codes of its own: `ServerBusy`, `NotEnoughStorage`, `FileSizeExceeded`',
    status: 'done',
  },
  () => {
    it('Execute answers ServerBusy while the engine accepts no jobs, and the job it created has failed', async () => {
      const jobId = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
      const { post, engine, store } = serviceUnderTest({ mintJobId: () => jobId });
      engine.isBusy = true;
      const answer = await post(executeXml('fixed'));
      expect(answer.status).toBe(503);
      expect(answer.exception()).toEqual({
        code: 'ServerBusy',
        text: 'Too many jobs wait already. Please send the request again later.',
      });
      expect((await store.read(jobId))?.job.status).toBe('failed');
    });

    it('Execute answers ServerBusy no longer once the engine accepts jobs: refused ones do not count', async () => {
      const { post, engine, dependencies } = serviceUnderTest({ limits: { maxUnfinishedJobs: 2 } });
      engine.isBusy = true;
      for (let index = 0; index < 5; index++) {
        expect((await post(executeXml('fixed'))).status).toBe(503);
      }
      engine.isBusy = false;
      await dependencies.wait(5_000);
      expect((await post(executeXml('fixed'))).status).toBe(200);
    });

    it('Execute answers ServerBusy at the limit of unfinished jobs, and creates no job', async () => {
      const { post, engine, store, dependencies } = serviceUnderTest({
        limits: { maxUnfinishedJobs: 2 },
      });
      engine.isHeld = true;
      const asynchronous = () =>
        post(executeXml('fixed', [], responseDocument([], 'storeExecuteResponse="true"')));
      expect([(await asynchronous()).status, (await asynchronous()).status]).toEqual([200, 200]);
      const refused = await asynchronous();
      expect(refused.status).toBe(503);
      expect(refused.exception().code).toBe('ServerBusy');
      const unfinished: string[] = [];
      for await (const id of store.unfinished.list()) unfinished.push(id);
      expect(unfinished).toHaveLength(2);

      const [first] = unfinished as [string];
      await store.finish(await store.update(first, () => ({ status: 'failed' })));
      // The jobs are counted again after some seconds.
      await dependencies.wait(5_000);
      expect((await asynchronous()).status).toBe(200);
    });

    class FullStore extends MemoryObjectStore {
      readonly #isFull: (key: string) => boolean;

      constructor(isFull: (key: string) => boolean) {
        super();
        this.#isFull = isFull;
      }

      override async put(...put: Parameters<MemoryObjectStore['put']>) {
        if (!this.#isFull(put[0])) return await super.put(...put);
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      }
    }

    it('Execute answers NotEnoughStorage if the request cannot be stored', async () => {
      const objects = new FullStore((key) => key.endsWith('inputs.json'));
      const answer = await serviceUnderTest({ objects }).post(executeXml('fixed'));
      expect(answer.status).toBe(503);
      expect(answer.exception()).toEqual({
        code: 'NotEnoughStorage',
        text: 'There is not enough storage for the request. Please send it again later.',
      });
    });

    it('a job whose outputs cannot be stored fails with NotEnoughStorage', async () => {
      const objects = new FullStore((key) => key.includes('/outputs/'));
      const answer = await serviceUnderTest({ objects }).post(executeXml('fixed'));
      expect(answer.select('//wps:ProcessFailed')).toHaveLength(1);
      expect(answer.exception()).toMatchObject({ code: 'NotEnoughStorage' });
    });

    it('Execute answers InvalidParameterValue and MissingParameterValue with the identifier at fault', async () => {
      const { post } = serviceUnderTest();
      expect((await post(executeXml('nothing'))).exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'Identifier',
      });
      expect((await post(executeXml('failing'))).exception()).toMatchObject({
        code: 'MissingParameterValue',
        locator: 'exitCode',
      });
      expect((await post(executeXml('fixed', [literal('a', '1')]))).exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'a',
      });
      const form = responseDocument([output('a')]);
      expect((await post(executeXml('fixed', [], form))).exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'a',
      });
    });
  },
);
