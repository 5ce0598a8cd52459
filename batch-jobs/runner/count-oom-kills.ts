import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the kernel tells of memory; tests put files of their own in place. */
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
 * How many processes of this one's cgroup (in a container, of the container) the kernel has killed
 * because the memory was used up. Undefined where the kernel does not tell.
 *
 * Source: Linux kernel documentation, "Control Group v2", `memory.events`; "Memory Resource
 * Controller" (cgroup v1), `memory.oom_control`.
 */
export async function countOomKills(files: KernelFiles): Promise<number | undefined> {
  const membership = await readFile(files.membership, 'utf8').catch(() => '');
  for (const path of candidates(membership, files.cgroups)) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const [, count] = /^oom_kill (\d+)$/m.exec(text) ?? [];
    if (count) return Number(count);
  }
  return undefined;
}

/**
 * The membership names the cgroup as the host does, or as the container's own namespace does. Without
 * one the container's cgroup is mounted where the root would be.
 */
function candidates(membership: string, cgroups: string): string[] {
  const lines = membership.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? []);
  const pathOf = (controller: string) =>
    lines.find(([, controllers]) => controllers?.split(',').includes(controller))?.[2];
  const v1 = pathOf('memory');
  // Where both are there, memory belongs to v1.
  if (v1 !== undefined) {
    const folder = join(cgroups, 'memory');
    return [folder + v1, folder].map((path) => join(path, 'memory.oom_control'));
  }
  return [cgroups + (pathOf('') ?? ''), cgroups].map((path) => join(path, 'memory.events'));
}
