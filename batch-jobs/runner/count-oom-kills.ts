import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files in which the kernel reports memory events. Tests use files of their own. */
export interface KernelFiles {
  /** `/proc/self/cgroup` */
  readonly membership: string;
  /** `/sys/fs/cgroup` */
  readonly cgroups: string;
}

export const kernelFiles: KernelFiles = {
  membership: '/proc/self/cgroup',
  cgroups: '/sys/fs/cgroup',
};

/**
 * The number of processes in this process's cgroup (in a container, the container's) that the kernel killed
 * because memory ran out. Undefined if the kernel does not report it.
 *
 * Source: Linux kernel documentation, "Control Group v2", `memory.events`; "Memory Resource Controller"
 * (cgroup v1), `memory.oom_control`.
 */
export async function countOomKills(files: KernelFiles): Promise<number | undefined> {
  const membership = await textOf(files.membership);
  for (const path of candidates(membership, files.cgroups)) {
    const [, count] = /^oom_kill (\d+)$/m.exec(await textOf(path)) ?? [];
    if (count) return Number(count);
  }
  return undefined;
}

async function textOf(path: string): Promise<string> {
  // Stryker disable next-line StringLiteral: any text without the lines that are looked for
  return await readFile(path, 'utf8').catch(() => '');
}

/**
 * The membership file names the cgroup as the host sees it, or as the container's own namespace sees it.
 * Without a namespace, the container's cgroup is mounted in place of the root.
 */
function candidates(membership: string, cgroups: string): string[] {
  const lines = membership.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? []);
  const pathOf = (controller: string) =>
    lines.find(([, controllers]) => controllers?.split(',').includes(controller))?.[2];
  const v1 = pathOf('memory');
  // If both versions exist, v1 controls memory.
  if (v1 !== undefined) {
    const folder = join(cgroups, 'memory');
    return [folder + v1, folder].map((path) => join(path, 'memory.oom_control'));
  }
  // Stryker disable next-line StringLiteral: without a line of version 2, the second candidate is the same
  return [cgroups + (pathOf('') ?? ''), cgroups].map((path) => join(path, 'memory.events'));
}
