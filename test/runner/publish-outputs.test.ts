import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestedOutput } from '../../batch-jobs/api/job.ts';
import { publishOutputs } from '../../batch-jobs/runner/publish-outputs.ts';
import { sampleJob } from '../sample-job.ts';

const limit = 4;
const complex: RequestedOutput = {
  identifier: 'result',
  kind: 'complex',
  title: 'Result',
  transmission: 'value',
  mimeType: 'text/csv',
  extension: '.csv',
};
const literal: RequestedOutput = {
  identifier: 'result',
  kind: 'literal',
  title: 'Result',
  transmission: 'value',
  extension: '.txt',
};

describe('an output that a command has left', () => {
  let run: string;
  let folder: string;
  let uploaded: string[][];
  beforeEach(async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'outputs-'));
    run = join(scratch, 'job-1');
    folder = join(run, 'outputs');
    uploaded = [];
    await mkdir(folder, { recursive: true });
  });
  afterEach(() => rm(join(run, '..'), { recursive: true }));

  const leave = (name: string, content: string | Uint8Array) =>
    writeFile(join(folder, name), content);
  const publish = async (...requestedOutputs: RequestedOutput[]) =>
    await publishOutputs(
      sampleJob({ requestedOutputs }),
      folder,
      async (name, path, contentType) => {
        uploaded.push([name, path, contentType]);
        return { attempt: 3, size: (await stat(path)).size, sha256: 'abc' };
      },
      limit,
    );

  it("an output is uploaded in the requested format, and recorded with the upload's size and hash", async () => {
    await leave('result', 'a');
    const path = join(folder, 'result');
    expect(await publish(complex)).toEqual([
      {
        identifier: 'result',
        name: 'result.csv',
        contentType: 'text/csv',
        attempt: 3,
        size: 1,
        sha256: 'abc',
        filename: 'result.csv',
        inline: { text: 'a' },
      },
    ]);
    await publish(literal);
    expect(uploaded).toEqual([
      ['result.csv', path, 'text/csv'],
      ['result.txt', path, 'text/plain'],
    ]);
  });

  it.each([
    ['of the largest size that is kept', 'abcd', 'value', { text: 'abcd' }],
    ['that is larger', 'abcde', 'value', undefined],
    ['that was asked for by reference', 'a', 'reference', undefined],
    ['that is empty', '', 'value', { text: '' }],
    ['that begins with a byte order mark', '\ufeffa', 'value', { text: '\ufeffa' }],
    ['that ends in blanks', 'a \n', 'value', { text: 'a \n' }],
    ['that is no UTF-8', Uint8Array.of(1, 255), 'value', { base64: 'Af8=' }],
  ] as const)(
    'an output (%s) is in the record as it is, or not at all',
    async (_, content, how, inline) => {
      await leave('result', content);
      const [published] = await publish({ ...complex, transmission: how });
      expect(published?.inline).toEqual(inline);
    },
  );

  it.each(['literal', 'bounding-box'] as const)(
    'an output that is a %s is always in the record, trimmed, and refused if it is too large',
    async (kind) => {
      const asked = { ...literal, kind, transmission: 'reference' } as const;
      await leave('result', ' 7 \n');
      expect(await publish(asked)).toMatchObject([{ inline: { text: '7' } }]);
      await leave('result', '12345');
      await expect(publish(asked)).rejects.toMatchObject({
        exitCode: 1,
        message: 'The process left 5 bytes for its output "result", which is a value; allowed: 4.',
      });
    },
  );

  it.each([
    [4096, `${'n'.repeat(100)}`],
    [4097, 'result.csv'],
  ])('an output is named by a file of %i bytes beside it: %s', async (size, filename) => {
    await leave('result', 'a');
    await leave('result.filename', 'n'.repeat(size));
    const [published] = await publish(complex);
    expect(published?.filename.slice(0, 100)).toBe(filename);
  });

  it('an output may be a link into the folders of its run, and not into those of another', async () => {
    await mkdir(join(run, 'work'));
    await writeFile(join(run, 'work', 'made'), 'made');
    await symlink(join(run, 'work', 'made'), join(folder, 'result'));
    expect(await publish(complex)).toMatchObject([{ inline: { text: 'made' } }]);
    await mkdir(`${run}2`);
    await writeFile(join(`${run}2`, 'secret'), 'of another');
    await rm(join(folder, 'result'));
    await symlink(join(`${run}2`, 'secret'), join(folder, 'result'));
    await expect(publish(complex)).rejects.toMatchObject({
      exitCode: 1,
      message: 'The process ended without leaving its output "result".',
    });
  });
});
