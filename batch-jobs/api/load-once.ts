import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { isTooManyOpenFiles, whenFilesCanBeOpened } from './open-files.ts';

/** The number of files that loading a module and its shared chunks opens at the same time. */
const filesOfLoad = 8;

/**
 * Loads a module when it is first needed, and asks the module loader only once. Looking up a loaded module
 * takes up to 0.1 ms, and a request would pay for that several times.
 *
 * Waits while no files can be opened, because `import` of Node.js 20 remembers a module that it failed to
 * read: everything that needs the module would fail until the service restarts. After a failed load, the next
 * caller tries again.
 *
 * @param load imports the module
 * @param forgets whether a failed load may be repeated
 */
export function loadOnce<T>(
  load: () => Promise<T>,
  forgets = forgetsFailures(process.versions.node, isCommonJs),
): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= loadWithRoom(load, forgets).catch((error) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

async function loadWithRoom<T>(load: () => Promise<T>, forgets: boolean): Promise<T> {
  return await whenFilesCanBeOpened(async () => {
    if (!forgets) await openAtOnce(filesOfLoad);
    return await load();
  });
}

const isCommonJs = typeof __filename === 'string';

/**
 * Whether a module that could not be read is read again when it is imported again, as by Node.js 22. A
 * CommonJS program loads modules by `require`, which never remembers a failure.
 */
export function forgetsFailures(version: string, isCommonJs: boolean): boolean {
  return isCommonJs || Number.parseInt(version, 10) >= 22;
}

/**
 * Fails in the same way as opening a file does if this many files cannot be open at the same time. Any other
 * failure says nothing about the module.
 */
async function openAtOnce(files: number): Promise<void> {
  const opened = await Promise.allSettled(Array.from({ length: files }, () => open(devNull)));
  await Promise.all(opened.map(async (file) => file.status === 'fulfilled' && file.value.close()));
  const reasons = opened.map((file) => (file.status === 'rejected' ? file.reason : undefined));
  const full = reasons.find(isTooManyOpenFiles);
  if (full) throw full;
}
