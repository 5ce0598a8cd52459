import { execFileSync } from 'node:child_process';

/**
 * The checked-out commit, recorded as the source of a package; ends in `-dirty` if files differ from it.
 * `unknown` outside a repository.
 */
export function commitOf(folder: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  try {
    return git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*').trim();
  } catch {
    return 'unknown';
  }
}
