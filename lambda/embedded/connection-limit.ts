import { readFileSync } from 'node:fs';

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
export function connectionLimit(limitsFile = '/proc/self/limits'): number | undefined {
  const limits = textOf(limitsFile);
  const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  if (!Number.isInteger(files)) return undefined;
  return files - Math.min(filesBesideConnections, Math.ceil(files / 2));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
