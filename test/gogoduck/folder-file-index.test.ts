import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderFileIndex } from '../../batch-jobs/gogoduck/folder-file-index.ts';
import { localFiles } from '../../batch-jobs/gogoduck/run.ts';
import { describeFileIndex, layersUnderTest } from '../contracts/file-index.ts';

async function makeLayers(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'layers-'));
  for (const [layer, files] of Object.entries(layersUnderTest)) {
    await mkdir(join(folder, layer));
    for (const { name, content } of files) await writeFile(join(folder, layer, name), content);
  }
  return folder;
}

describeFileIndex('a folder of layers', async () => {
  const folder = await makeLayers();
  return {
    source: { index: new FolderFileIndex(folder), obtain: localFiles },
    stop: () => rm(folder, { recursive: true }),
  };
});

describe('a folder of layers', () => {
  it('a folder of layers has files in subfolders of a layer, and only NetCDF files count', async () => {
    const folder = await makeLayers();
    const layer = join(folder, 'years');
    await mkdir(join(layer, '2020', '01'), { recursive: true });
    for (const name of ['2020/01/b.nc', 'a.NC', 'c.nc4', 'notes.txt', '.part.nc']) {
      await writeFile(join(layer, name), '');
    }
    const files = await new FolderFileIndex(folder).list('years');
    expect(files.map(({ name }) => name)).toEqual(['a.NC', 'b.nc', 'c.nc4']);
    await rm(folder, { recursive: true });
  });

  it('a folder of layers may contain links for layers and files', async () => {
    const folder = await makeLayers();
    await symlink(join(folder, 'sixHourly'), join(folder, 'linked'));
    expect(await new FolderFileIndex(folder).list('linked')).toHaveLength(4);
    await rm(folder, { recursive: true });
  });

  it('a file in a folder of layers is not a layer', async () => {
    const folder = await makeLayers();
    await writeFile(join(folder, 'file'), '');
    await expect(new FolderFileIndex(folder).list('file')).rejects.toThrow('no such layer');
    await rm(folder, { recursive: true });
  });
});
