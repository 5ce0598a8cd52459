import { execFileSync } from 'node:child_process';

/**
 * The commit that is checked out, with `-dirty` behind it where files differ from it: what a package is
 * said to be built from. `unknown` outside a repository.
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
