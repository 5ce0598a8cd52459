import { readFile } from 'node:fs/promises';

/** Files that jobs and the service itself open, in addition to connections, if many files are allowed. */
const filesBesideConnections = 128;

/**
 * The most connections open at once, so that a client that opens as many as it can leaves the service enough
 * files for its jobs: all but 128 of the files that this process may open, or half of a small number.
 *
 * @returns undefined if the system does not say how many files may be open (it has no `/proc`)
 *
 * Source: Linux, proc_pid_limits(5), "Max open files"; Node.js raises the soft limit to the hard limit.
 */
export async function connectionLimit(
  limitsFile = '/proc/self/limits',
): Promise<number | undefined> {
  const limits = await readFile(limitsFile, 'utf8').catch(() => '');
  const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  if (!Number.isInteger(files)) return undefined;
  return files - Math.min(filesBesideConnections, Math.ceil(files / 2));
}
