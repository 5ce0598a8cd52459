import { open } from 'node:fs/promises';
import { whenFilesCanBeOpened } from './open-files.ts';

/** As many as a module and the chunks that it shares with others open at once. */
const filesOfLoad = 8;

/**
 * Loads a module when it is first needed, and asks the module loader once: it takes up to 0.1 ms to look up what is
 * loaded already, which a request would pay several times.
 *
 * It waits while no files can be opened, for Node.js 20 remembers a module that it could not read: the service would
 * answer nothing that needs it until it is started again. A load that failed is tried again by the next caller.
 *
 * @param load imports it
 */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= loadWithRoom(load).catch((error) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

async function loadWithRoom<T>(load: () => Promise<T>): Promise<T> {
  return await whenFilesCanBeOpened(async () => {
    if (forgetsFailures) return await load();
    await openAtOnce(filesOfLoad);
    return await load();
  });
}

const forgetsFailures = Number.parseInt(process.versions.node, 10) >= 22;

/** Fails as opening a file fails when so many cannot be open at once. */
async function openAtOnce(files: number): Promise<void> {
  const opened = await Promise.allSettled(
    Array.from({ length: files }, () => open(process.execPath)),
  );
  await Promise.all(opened.map(async (file) => file.status === 'fulfilled' && file.value.close()));
  const failed = opened.find((file) => file.status === 'rejected');
  if (failed) throw failed.reason;
}
