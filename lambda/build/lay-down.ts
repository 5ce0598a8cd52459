import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface BuiltFile {
  readonly content: Uint8Array;
  /** POSIX mode; if left out, that of a new file. */
  readonly mode?: number;
}

const arrivingName = /\.\d+\.new$/;

/**
 * Makes a folder contain exactly the given files. Files that are already there are not touched, and missing
 * files appear atomically: programs may run from the folder meanwhile.
 *
 * @param files by path below the folder
 */
export async function layDown(
  files: ReadonlyMap<string, BuiltFile>,
  folder: string,
): Promise<void> {
  for (const [path, { content, mode }] of files) {
    const target = join(folder, path);
    const present = await readFile(target).catch(() => undefined);
    if (present?.equals(content)) continue;
    await mkdir(dirname(target), { recursive: true });
    const arriving = `${target}.${process.pid}.new`;
    await writeFile(arriving, content);
    if (mode !== undefined) await chmod(arriving, mode);
    await rename(arriving, target);
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    // Another build may be in progress.
    if (entry.isDirectory() || arrivingName.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    if (!files.has(path.slice(folder.length + 1))) await rm(path, { force: true });
  }
}
