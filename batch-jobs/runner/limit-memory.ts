import { readdir, readFile } from 'node:fs/promises';

/** The pause between two checks of memory use, in milliseconds. */
const intervalMilliseconds = 100;

/**
 * Limits how much memory a process and all its descendants use together, if no container does.
 *
 * Only private memory (`RssAnon`) counts, because the kernel can reclaim mapped or cached file pages at any
 * time. (Kernels before 4.5 report only the sum of both.) A kernel limit on address space (`ulimit -v`) would
 * not work, because many programs reserve far more of it than they ever use.
 *
 * Works only where `/proc` reports memory; elsewhere there is no limit.
 *
 * Source: Linux, proc(5), `/proc/pid/status` and `/proc/pid/task/tid/children`.
 *
 * @param pid the process
 * @param limitMiB memory that all of them may use together
 * @param onExceeded called once when they use more; the watch then ends
 * @returns a function that ends the watch
 */
export function limitMemory(pid: number, limitMiB: number, onExceeded: () => void): () => void {
  let hasEnded = false;
  const look = async () => {
    const isExceeded = exceeds(await usedKiB(pid), limitMiB);
    if (hasEnded) return;
    if (isExceeded) onExceeded();
    else timer = setTimeout(look, intervalMilliseconds);
  };
  let timer = setTimeout(look, intervalMilliseconds);
  return () => {
    hasEnded = true;
    clearTimeout(timer);
  };
}

export function exceeds(usedKiB: number, limitMiB: number): boolean {
  return usedKiB > limitMiB * 1024;
}

/** Private memory of a process and all its descendants, in KiB; 0 for a process that has ended. */
export async function usedKiB(pid: number): Promise<number> {
  const [status, threads] = await Promise.all([
    textOf(`/proc/${pid}/status`),
    // Stryker disable next-line ArrayDeclaration: a thread that does not exist has no children
    readdir(`/proc/${pid}/task`).catch(() => []),
  ]);
  // Each thread lists the children that it started.
  const children = await Promise.all(
    threads.map((thread) => textOf(`/proc/${pid}/task/${thread}/children`)),
  );
  const below = await Promise.all(
    children
      .flatMap((list) => list.split(' '))
      .filter(Boolean)
      .map((child) => usedKiB(Number(child))),
  );
  return below.reduce((sum, kiB) => sum + kiB, privateKiB(status));
}

async function textOf(path: string): Promise<string> {
  // Stryker disable next-line ArrowFunction,StringLiteral: a process ends between two reads of its files, at a moment that no test can choose
  return await readFile(path, 'utf8').catch(() => '');
}

/** @param status content of `/proc/pid/status`; empty for a process that has ended */
export function privateKiB(status: string): number {
  const [, kiB] =
    /^RssAnon:\s+(\d+) kB$/m.exec(status) ?? /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kiB ?? 0);
}
