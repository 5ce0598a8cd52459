import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFinal } from '../../batch-jobs/api/job.ts';
import { readJobRecord } from '../../batch-jobs/api/job-record.ts';
import type { Random } from '../faults/random.ts';

/** Texts that replace the content of a file. */
const contents = ['', '{', 'null', '[]', '{"status":"x"}', '\0\0\0\0'];

const strayNames = ['.DS_Store', 'notes.txt', 'local-1.json', 'Thumbs.db'];

/** Kinds of damaged files. The kind decides what the damage may cost the job. */
export type DamagedKind = 'queue' | 'inputs' | 'record' | 'document' | 'marker';

export interface Damage {
  readonly id: string;
  readonly kind: DamagedKind;
}

/** Damages a file of a job that has not ended. The service must not be running. */
export async function damageSome(dataFolder: string, random: Random): Promise<Damage | undefined> {
  const ids = (await readdir(join(dataFolder, 'unfinished')).catch(() => [])).filter((name) =>
    /^[0-9a-f-]{36}$/.test(name),
  );
  const id = ids[random.below(ids.length)];
  if (id === undefined || !(await isUnfinished(dataFolder, id))) return undefined;
  const files: readonly (readonly [DamagedKind, string])[] = [
    ['queue', `engine/local-${id}.json`],
    ['inputs', `jobs/${id}/inputs.json`],
    ['record', `jobs/${id}/job.json`],
    ['document', `jobs/${id}/status.xml`],
    ['marker', `unfinished/${id}`],
  ];
  const [kind, file] = files[random.below(files.length)] ?? ['marker', ''];
  const path = join(dataFolder, file);
  const content = contents[random.below(contents.length)] ?? '';
  try {
    // A missing file cannot be damaged.
    await truncate(path, 0);
    await writeFile(path, content);
    return { id, kind };
  } catch {
    return undefined;
  }
}

/** A job that has ended can only lose what its client was told, which must not change. */
async function isUnfinished(dataFolder: string, id: string): Promise<boolean> {
  const text = await readFile(join(dataFolder, 'jobs', id, 'job.json'), 'utf8').catch(() => '');
  try {
    return !isFinal(readJobRecord(text).status);
  } catch {
    return false;
  }
}

/** Puts a file of another program into one of the service's folders. */
export async function strayFile(dataFolder: string, random: Random): Promise<void> {
  const folders = ['', 'engine', 'unfinished', 'jobs', '.tmp', 'scratch'];
  const folder = folders[random.below(folders.length)] ?? '';
  const name = strayNames[random.below(strayNames.length)] ?? '';
  await writeFile(join(dataFolder, folder, name), 'stray').catch(() => undefined);
}

/** Whether {@link strayFile} left a file of this name. */
export function isStray(name: string): boolean {
  return strayNames.includes(name);
}
