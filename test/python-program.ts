import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The Python of Debian, which images of processes have as well. */
const debianPython = '/usr/bin/python3';

/**
 * Makes `python3` an interpreter itself. Where a version manager has put a shell script in its place, each
 * start takes several times the processor time, and jobs of the tests start it more than a hundred times.
 */
export function setup(): () => void {
  const interpreter = existsSync(debianPython) ? debianPython : named();
  if (interpreter === undefined) return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'python-program-'));
  symlinkSync(interpreter, join(folder, 'python3'));
  process.env['PATH'] = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
  return () => rmSync(folder, { recursive: true });
}

/** The interpreter behind `python3`. */
function named(): string | undefined {
  const script = 'import sys; print(sys.executable)';
  const { stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
}
