import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const here = import.meta.dirname;
const root = join(here, '..', '..');

/**
 * Writes a `terraform` and a `docker` that stand before those of the machine where commands of a shell are to
 * work on an account at the emulator: what people and pipelines call then runs as it is.
 *
 * - `terraform` is the real one. It lays the emulator's overlay beside a synthesised stack first, and takes
 *   checksums of the provider from the mirror where there is one.
 * - `docker` builds nothing. What it pushes is in the registry of the account afterwards.
 *
 * @param mirror folder of the provider mirror; undefined where the public registry is used
 * @returns `PATH` with them in front
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
