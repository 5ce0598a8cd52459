import { spawnSync } from 'node:child_process';

/** Programs that build images, in order of preference. */
export const builders = ['docker', 'podman', 'buildah'] as const;
export type Builder = (typeof builders)[number];

/**
 * The first builder that works. A Docker client without a running engine does not.
 *
 * @throws with installation instructions if there is none
 */
export function findBuilder(): Builder {
  const found = builders.find((builder) => answers(builder));
  if (found) return found;
  throw new Error(
    `no program that builds images answers; looked for ${builders.join(', ')}. Install one (Debian: apt-get install buildah) and start its engine, or see what would be done: --dry-run`,
  );
}

function answers(builder: Builder): boolean {
  const { status } = spawnSync(builder, [builder === 'buildah' ? 'version' : 'info'], {
    stdio: 'ignore',
    timeout: 30_000,
  });
  return status === 0;
}

/**
 * Runs a command with its output on the terminal.
 *
 * @param input for the command's standard input
 * @throws when it does not end with exit code 0
 */
export function runCommand([program, ...args]: readonly [string, ...string[]], input?: string) {
  const { status, error, signal } = spawnSync(program, args, {
    stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
    ...(input === undefined ? {} : { input }),
  });
  if (error) throw new Error(`${program} cannot be run: ${error.message}`);
  if (status !== 0) {
    throw new Error(`${program} ${args[0]} ended with ${signal ?? `exit code ${status}`}`);
  }
}
