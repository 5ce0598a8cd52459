import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The version of Node.js that the function runs on. */
const version = '22.23.3';

/**
 * The runtime's Node.js program, installed from npm into an ignored folder. `NODE_22` may name another one.
 * Undefined if it is unavailable.
 */
export function runtimeNode(): string | undefined {
  const given = process.env['NODE_22'];
  if (given) return given;
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(import.meta.dirname, '..', '..', '.cache', `node-${version}`);
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(program)) {
    // The package contains only the program, so its scripts are not needed.
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--silent'];
    spawnSync('npm', ['install', '--prefix', folder, ...flags, `${name}@${version}`], {
      stdio: 'inherit',
    });
  }
  return existsSync(program) ? program : undefined;
}
