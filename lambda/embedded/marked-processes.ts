import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const pauseMilliseconds = 10;
const patienceMilliseconds = 10_000;

/**
 * Ends, by SIGKILL, all processes that were started with a mark in their environment, and waits until
 * they are gone. Children inherit the mark, so this finds what a killed runner left behind, also
 * what has moved to a process group of its own.
 *
 * Only where the kernel shows environments in `/proc`; elsewhere nothing is found.
 *
 * Source: Linux, proc(5), `/proc/pid/environ`.
 *
 * @param variable name of the variable that holds the mark
 * @param start how the mark starts
 * @returns how many processes were ended
 * @throws when one does not end in time
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

async function markedProcesses(mark: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const isMarked = await Promise.all(
    pids.map(async (pid) => {
      // Never the init process: -1 would mean every process.
      if (pid === process.pid || pid === 1) return false;
      // Those of other users cannot be read, and what has ended has no environment.
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return `\0${environment}`.includes(`\0${mark}`);
    }),
  );
  return pids.filter((_, index) => isMarked[index]);
}

/** With its group, where it leads one: its members may have cleared their environment. */
function kill(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It leads no group, or has ended.
    }
  }
}
