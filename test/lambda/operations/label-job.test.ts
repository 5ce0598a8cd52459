import { describe, expect, it } from 'vitest';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import {
  changeLabels,
  isLabel,
  type LabelChange,
  longestLabel,
  mostLabels,
} from '../../../lambda/operations/label-job.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const idOf = (number: number) => `3f0e9a52-8a3b-4c58-9d1f-00000000000${number}`;
const many = (count: number) => Array.from({ length: count }, (_, index) => `label ${index}`);

/** A service with one job for each of these lists of labels. */
async function keeping(...labels: readonly (readonly string[] | undefined)[]) {
  const { store, dependencies } = serviceUnderTest();
  const ids = labels.map((_, number) => idOf(number));
  for (const [number, each] of labels.entries()) {
    const job = sampleJob({ id: idOf(number), ...(each ? { labels: each } : {}) });
    await store.create(job, { body: '{}', contentType: 'application/json' }, []);
  }
  const change = (what: LabelChange, of: readonly string[] = ids) =>
    changeLabels(of, what, { ...dependencies, log: requestLog(dependencies.log) });
  const kept = () =>
    Promise.all(ids.map(async (id) => (await store.read(id))?.job.labels ?? 'without'));
  return { change, kept };
}

describe('the labels of several jobs', () => {
  it('labels are added to several jobs, each once and trimmed, and existing ones stay', async () => {
    const { change, kept } = await keeping(['a', 'b'], undefined, ['c']);
    await change({ add: [' c ', 'd', 'd'] });
    expect(await kept()).toEqual([
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
      ['c', 'd'],
    ]);
  });

  it('labels are removed from the jobs that have them', async () => {
    const { change, kept } = await keeping(['a', 'b'], ['b'], ['c']);
    await change({ remove: ['b', 'x'] });
    expect(await kept()).toEqual([['a'], [], ['c']]);
  });

  it('a job has at most the allowed number of labels', async () => {
    const { change, kept } = await keeping(many(mostLabels - 1));
    await change({ add: ['last'] });
    expect((await kept())[0]).toHaveLength(mostLabels);
    await expect(change({ add: ['one more'] })).rejects.toMatchObject({
      kind: 'invalid-value',
      subject: 'labels',
      message: expect.stringContaining(`${mostLabels + 1} in job 3f0e9a52; allowed: up to`),
    });
    // A label may replace another one.
    await change({ add: ['one more'], remove: ['last'] });
  });

  it.each([
    ['a label that cannot be one', { add: ['ok', 'two\nlines'] }, undefined, 'invalid-value'],
    ['too many labels in one of them', { add: ['ok'] }, undefined, 'invalid-value'],
    ['a job that is not there', { add: ['ok'] }, [idOf(0), idOf(9)], 'unknown-job'],
  ])('the labels of several jobs stay unchanged if a change has %s', async (_, what, ids, kind) => {
    const { change, kept } = await keeping(['a'], many(mostLabels));
    await expect(change(what, ids)).rejects.toMatchObject({ kind });
    expect(await kept()).toEqual([['a'], many(mostLabels)]);
  });
});

describe('a label', () => {
  it.each([
    ['a', true],
    ['a longer one, with marks: é', true],
    ['x'.repeat(longestLabel), true],
    ['x'.repeat(longestLabel + 1), false],
    ['', false],
    ['  ', false],
    ['two\nlines', false],
    ['a\u0000', false],
  ])('a label may be %j: %s', (text, may) => {
    expect(isLabel(text)).toBe(may);
  });
});
