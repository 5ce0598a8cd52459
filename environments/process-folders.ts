import type { InstallationData } from './installation.ts';

/**
 * The `processes.folders` of all environments, without duplicates. Faults in the data are reported when the
 * settings are checked.
 */
export function processFoldersOf({ environments }: InstallationData): readonly string[] {
  const named = environments.flatMap((environment) => {
    const folders = member(member(environment, 'processes'), 'folders');
    return Array.isArray(folders) ? folders.filter((folder) => typeof folder === 'string') : [];
  });
  return [...new Set(named)];
}

function member(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined;
}
