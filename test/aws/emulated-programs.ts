import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const here = import.meta.dirname;
const root = join(here, '..', '..');

/**
 * Writes a `terraform` and a `docker` that precede the machine's own in `PATH`, so that the commands of
 * people and pipelines work unchanged on an account at the emulator.
 *
 * - `terraform` runs the real one. Before that it writes the emulator's overlay beside a synthesised stack.
 *   It reads checksums of the provider from the mirror where there is one.
 * - `docker` builds nothing. An image that it pushes is in the account's registry afterwards.
 *
 * @param mirror folder of the provider mirror; undefined where the public registry is used
 * @returns `PATH` with the two programs first
 */
export async function writeEmulatedPrograms(
  folder: string,
  mirror: string | undefined,
): Promise<string> {
  const real = execFileSync('sh', ['-c', 'command -v terraform'], { encoding: 'utf8' }).trim();
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const node = (file: string) =>
    `"${process.execPath}" --import "file://${tsx}" "${join(here, file)}"`;
  const programs = {
    terraform: `if [ -f cdk.tf.json ] && ! [ emulator_override.tf.json -nt cdk.tf.json ]; then
  ${node('lay-overlay.ts')} || exit 1
fi
case "$1 $2" in
  'providers lock') set -- "$@" ${mirror === undefined ? '' : `-fs-mirror="${mirror}"`} ;;
esac
exec "${real}" "$@"`,
    docker: `exec ${node('emulated-docker.ts')} "$@"`,
  };
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return `${folder}${delimiter}${process.env['PATH']}`;
}
