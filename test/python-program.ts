import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/**
 * Makes `python3` the interpreter itself. Where a version manager has put a shell script in its place, each
 * start takes more than twice the processor time, and the jobs of the tests start it some hundred times.
 */
export function setup(): void {
  const path = process.env['PATH'] ?? '';
  const named = path
    .split(delimiter)
    .map((folder) => join(folder, 'python3'))
    .find(existsSync);
  const script = 'import sys; print(sys.executable)';
  const { stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  const interpreter = (stdout ?? '').trim();
  if (!named || !existsSync(interpreter)) return;
  if (realpathSync(named) === realpathSync(interpreter)) return;
  process.env['PATH'] = `${dirname(interpreter)}${delimiter}${path}`;
}
