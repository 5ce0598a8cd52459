import { beforeEach, describe, expect, it } from 'vitest';
import type { Job, PublishedOutput } from '../../../../batch-jobs/api/job.ts';
import { requestLog } from '../../../../lambda/jobs/request-log.ts';
import { previewPicture, previewsOf } from '../../../../lambda/protocols/html/previews.ts';
import { MemoryObjectStore } from '../../../memory-object-store.ts';
import { sampleJob } from '../../../sample-job.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../../../service-under-test.ts';

const [asked] = sampleJob().requestedOutputs;
if (!asked) throw new Error('the sample has an output');
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let objects: MemoryObjectStore;
let service: ServiceUnderTest;
beforeEach(() => {
  objects = new MemoryObjectStore();
  service = serviceUnderTest({ objects });
});

/** A job with one output, of which the store has this content. */
async function jobWith(
  contentType: string,
  content: string | Uint8Array | undefined,
  change: Partial<PublishedOutput> = {},
): Promise<Job> {
  const bytes = Buffer.from(content ?? '');
  const output = {
    ...{ identifier: 'result', name: 'a result.x', filename: 'x', contentType, attempt: 1 },
    ...{ size: bytes.length, sha256: 'ab', ...change },
  };
  const job = sampleJob({ status: 'succeeded', requestedOutputs: [], outputs: [output] });
  await service.store.create(job, { body: '', contentType: 'text/plain' }, []);
  if (content !== undefined) {
    const key = `jobs/${job.id}/outputs/1/${output.name}`;
    await objects.put(key, bytes, { contentType });
  }
  return job;
}
const dependencies = () => ({
  ...service.dependencies,
  log: requestLog(service.dependencies.log),
});
const previewOf = async (job: Job) =>
  (await previewsOf(job, '/TEST/', dependencies())).get('result');

describe('the preview of an output', () => {
  it.each([
    ['text/plain', true],
    ['TEXT/Markdown ; charset=utf-8', true],
    ['application/json', true],
    ['application/xml', true],
    ['application/yaml', true],
    ['application/geo+json', true],
    ['application/gml+xml;version=3.2', true],
    ['application/x-netcdf', false],
    ['application/jsonish', false],
    ['application/x+jsonish', false],
    ['x-application/json', false],
    ['x-text/plain', false],
    ['image/jpeg', false],
  ])('the preview of an output of type %s is its text: %s', async (type, isText) => {
    const shown = await previewOf(await jobWith(type, 'é'));
    expect(shown).toEqual(isText ? { kind: 'text', text: 'é', isCut: false } : undefined);
  });

  it.each([
    ['a'.repeat(4096), 'a'.repeat(4096), false],
    ['a'.repeat(4097), 'a'.repeat(4096), true],
    // The bytes of the last character are cut in the middle.
    [`${'a'.repeat(4095)}é`, 'a'.repeat(4095), true],
  ])(
    'the preview of an output of text has its first 4096 bytes, in whole characters',
    async (content, text, isCut) => {
      const shown = await previewOf(await jobWith('text/plain', content));
      expect(shown).toEqual({ kind: 'text', text, isCut });
    },
  );

  const rows = (count: number) => Array.from({ length: count }, (_, row) => [`${row}`, 'x']);
  const csv = (count: number) => ['n,v', ...rows(count).map((row) => row.join(','))].join('\n');

  it.each([
    [0, 0, false],
    [12, 12, false],
    [13, 12, true],
    [100, 12, true],
  ])('the preview of an output of %i rows has %i of them', async (count, shown, isCut) => {
    expect(await previewOf(await jobWith('text/csv', csv(count)))).toEqual({
      ...{ kind: 'table', header: ['n', 'v'], rows: rows(shown), isCut },
    });
  });

  it('the preview of an output of rows has no row that is cut off, and none that is empty', async () => {
    const long = 'y'.repeat(3000);
    const content = `\ufeffn,v\n\n1,2,"3\n4"\n5\nsix "6",7\n${long}\n${long}`;
    expect(await previewOf(await jobWith('Text/CSV; header=present', content))).toEqual({
      kind: 'table',
      header: ['n', 'v'],
      rows: [['1', '2', '3\n4'], ['5'], ['six "6"', '7'], [long]],
      isCut: true,
    });
  });

  it('the preview of an output of rows without any content has none', async () => {
    expect(await previewOf(await jobWith('text/csv', ''))).toEqual({
      ...{ kind: 'table', header: [], rows: [], isCut: false },
    });
  });

  it.each([
    ['image/png', 3_000_000, true],
    ['IMAGE/PNG ; q=1', 10, true],
    ['image/png', 3_000_001, false],
    ['image/gif', 10, false],
  ])('the preview of an output of type %s with %i bytes is a picture: %s', async (...given) => {
    const [type, size, isPicture] = given;
    const job = await jobWith(type, undefined, { size });
    const url = `/TEST/jobs/${job.id}/previews/a%20result.x`;
    expect(await previewOf(job)).toEqual(
      isPicture ? { kind: 'picture', url, alt: 'result of Echo' } : undefined,
    );
  });

  it('the preview of an output that is a picture is called by the title of the output', async () => {
    const job = await jobWith('image/png', undefined);
    const others = { ...asked, identifier: 'other', title: 'Other' };
    const requestedOutputs = [others, { ...asked, identifier: 'result', title: 'The map' }];
    expect(await previewOf({ ...job, requestedOutputs })).toMatchObject({
      alt: 'The map of Echo',
    });
  });

  it('the preview of an output that cannot be read is left out, and the log says so', async () => {
    expect(await previewOf(await jobWith('text/plain', undefined))).toBeUndefined();
    expect(service.log.join()).toMatch(/an output was not previewed.*is recorded but not stored/);
  });
});

describe('the picture of a preview', () => {
  const pictureOf = async (job: Job, name = 'a result.x') =>
    await previewPicture(job.id, name, dependencies());
  const none = { kind: 'unknown-resource', message: 'There is no preview of this output.' };

  it('the picture of a preview is sent as one, and can run nothing', async () => {
    const content = Buffer.concat([png, Buffer.from('the rest')]);
    expect(await pictureOf(await jobWith('image/png', content))).toEqual({
      status: 200,
      headers: {
        'content-type': 'image/png',
        'cache-control': 'private, max-age=3600',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
      },
      body: content,
    });
  });

  it.each([
    ['is no picture, whatever its type', Buffer.from('<script>')],
    ['has another first byte', Buffer.concat([Buffer.from([0x88]), png.subarray(1)])],
    ['lacks the last byte of the signature', png.subarray(0, 7)],
    ['is too large', Buffer.concat([png, Buffer.alloc(3_000_000 - 7)])],
  ])('there is no picture of a preview of an output that %s', async (_, content) => {
    await expect(pictureOf(await jobWith('image/png', content))).rejects.toMatchObject(none);
  });

  it('the picture of a preview may be as large as previews are', async () => {
    const content = Buffer.concat([png, Buffer.alloc(3_000_000 - 8)]);
    expect((await pictureOf(await jobWith('image/png', content))).status).toBe(200);
  });

  it('there is no picture of an output that the job does not have', async () => {
    const job = await jobWith('image/png', png);
    await expect(pictureOf(job, 'other')).rejects.toMatchObject({ kind: 'unknown-output' });
  });
});
