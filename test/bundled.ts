import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Folder of the built entry points, so that the processes tests start are what is deployed. */
export const distDir = join(import.meta.dirname, '..', 'dist');

/** Builds once before the tests run. */
export function setup(): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'lambda/build/bundle.ts'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
  });
}
