import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IndexedFile } from '../../batch-jobs/gogoduck/file-index.ts';
import { JobError } from '../../batch-jobs/gogoduck/job-error.ts';
import type { FileSource } from '../../batch-jobs/gogoduck/run.ts';

/** A file of a layer under test. It may contain any bytes, because an index does not read them. */
export interface LayerFile {
  readonly name: string;
  /** Time of its first data. */
  readonly time: string;
  readonly content: string;
}

/** Layers that every index under test knows: one of four files of six hours each, and an empty one. */
export const layersUnderTest: Readonly<Record<string, readonly LayerFile[]>> = {
  sixHourly: ['00', '06', '12', '18'].map((hour) => ({
    name: `IMOS_20200101T${hour}0000Z.nc`,
    time: `2020-01-01T${hour}:00:00Z`,
    content: `data of ${hour}`,
  })),
  'space:empty': [],
  secret: [{ name: 'hidden.nc', time: '2020-01-01T00:00:00Z', content: 'hidden' }],
};

export interface FileIndexUnderTest {
  readonly source: FileSource;
  readonly stop: () => Promise<void>;
}

/** Tests of the file index port that every adapter must pass. */
export function describeFileIndex(name: string, start: () => Promise<FileIndexUnderTest>): void {
  describe(`${name} keeps the contract of a file index`, () => {
    let under: FileIndexUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(async () => under?.stop());

    const list = (layer: string, start?: string, end?: string): Promise<IndexedFile[]> =>
      under.source.index.list(
        layer,
        start && end ? { minimum: Date.parse(start), maximum: Date.parse(end) } : undefined,
      );
    const names = (files: readonly IndexedFile[]) => files.map((file) => file.name);

    it('a file index lists all files of a layer, oldest first, with their sizes', async () => {
      const files = await list('sixHourly');
      expect(names(files)).toEqual(layersUnderTest['sixHourly']?.map((file) => file.name));
      expect(files.map((file) => file.size)).toEqual([10, 10, 10, 10]);
    });

    it('a file index lists every file with data in a period, including one that begins before it', async () => {
      const files = await list('sixHourly', '2020-01-01T13:00:00Z', '2020-01-01T18:00:00Z');
      expect(names(files)).toEqual(
        expect.arrayContaining(['IMOS_20200101T120000Z.nc', 'IMOS_20200101T180000Z.nc']),
      );
    });

    it('a file index lists each file once', async () => {
      const files = names(await list('sixHourly', '2020-01-01T06:00:00Z', '2020-01-01T12:00:00Z'));
      expect(new Set(files).size).toBe(files.length);
    });

    it('a file index lists nothing for a layer without files', async () => {
      expect(await list('space:empty')).toEqual([]);
      expect(await list('space:empty', '2020-01-01', '2020-01-02')).toEqual([]);
    });

    it('a file index returns the files themselves, in the requested order', async () => {
      const files = (await list('sixHourly')).toReversed();
      const paths = await under.source.obtain(files, () => {});
      const contents = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
      expect(contents).toEqual(['data of 18', 'data of 12', 'data of 06', 'data of 00']);
    });

    it('a file index says that a layer does not exist, and suggests no dissimilar names', async () => {
      const fault = await list('nowhere').catch((error) => error);
      expect(fault).toBeInstanceOf(JobError);
      expect(fault.exitCode).toBe(66);
      expect(fault.message).toBe('Input "layer" is "nowhere"; there is no such layer.');
    });

    it.each([
      ['sixhourly', 'sixHourly'],
      ['SIX_HOURLY', 'sixHourly'],
      ['sixHourli', 'sixHourly'],
      ['Secret', 'secret'],
    ])('a file index suggests the layer that "%s" may mean', async (name, meant) => {
      const fault = await list(name).catch((error) => error);
      expect(fault.message).toBe(
        `Input "layer" is "${name}"; there is no such layer. Did you mean "${meant}"?`,
      );
    });

    it.each([
      '../secret',
      '..',
      '.',
      '.hidden',
      'sixHourly/../secret',
      'sixHourly/IMOS_20200101T000000Z.nc',
      '/etc',
      'a\\b',
      'sixHourly\0',
      "x' OR '1'='1",
      '',
    ])('a file index refuses the name "%s", which no layer can have', async (layer) => {
      const fault = await list(layer).catch((error) => error);
      expect(fault).toBeInstanceOf(JobError);
      expect(fault.exitCode).toBe(64);
      expect(fault.message).toContain('Input "layer" is "');
    });
  });
}
