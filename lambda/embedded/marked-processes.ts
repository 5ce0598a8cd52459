import { readFile } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isTooManyOpenFiles, whenFilesCanBeOpened } from '../../batch-jobs/api/open-files.ts';

const pauseMilliseconds = 10;
const patienceMilliseconds = 10_000;

/**
 * Kills (SIGKILL) all processes that were started with a mark in their environment, and waits until they are
 * gone. Children inherit the mark, so this finds the remains of a killed runner, including processes that
 * moved to another process group.
 *
 * Works only if the kernel shows environments in `/proc`; otherwise, nothing is found.
 *
 * Source: Linux, proc(5), `/proc/pid/environ`.
 *
 * @param variable name of the variable with the mark
 * @param start prefix of the mark
 * @returns how many processes were killed
 * @throws if a process does not end in time
 */
export async function endMarkedProcesses(variable: string, start: string): Promise<number> {
  const ended = new Set<number>();
  const begun = performance.now();
  for (;;) {
    const found = await markedProcesses(`${variable}=${start}`);
    if (found.length === 0) return ended.size;
    if (performance.now() - begun > patienceMilliseconds) {
      throw new Error(`processes ${found.join(', ')} of an earlier run do not end`);
    }
    for (const pid of found) {
      ended.add(pid);
      kill(pid);
    }
    await wait(pauseMilliseconds);
  }
}

/** Without a file handle per file, which would take a third longer. */
const readText = promisify(readFile);

/** Environments read at once: each needs a file descriptor. */
const readAtOnce = 16;

async function markedProcesses(mark: string): Promise<number[]> {
  // If no file can be opened now, there may still be processes.
  const names = await whenFilesCanBeOpened(() => readdir('/proc')).catch(undefinedUnlessFull);
  // Never the init process: -1 would mean every process.
  const left = (names ?? [])
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && pid !== 1);
  const marked: number[] = [];
  const readSome = async () => {
    for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
      const file = `/proc/${pid}/environ`;
      // Environments of other users' processes cannot be read, and ended processes have no environment.
      const environment = await whenFilesCanBeOpened(() => readText(file, 'latin1')).catch(
        undefinedUnlessFull,
      );
      if (`\0${environment}`.includes(`\0${mark}`)) marked.push(pid);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, readSome));
  return marked;
}

function undefinedUnlessFull(error: unknown): undefined {
  if (isTooManyOpenFiles(error)) throw error;
}

/** Also kills the group that the process leads, if any: its members may have cleared their environment. */
function kill(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It leads no group, or has ended.
    }
  }
}
