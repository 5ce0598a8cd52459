import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { describeObjectStore } from './object-store.ts';

describeObjectStore('FileObjectStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'objects-'));
  return {
    store: new FileObjectStore(folder),
    another: new FileObjectStore(folder),
    stop: () => rm(folder, { recursive: true }),
  };
});
