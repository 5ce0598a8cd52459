import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { OperatorFault } from './terminal.ts';

const root = join(import.meta.dirname, '..', '..');

/**
 * Runs `npx cdktf deploy <stack>` and prints its output as it comes. The operator has already confirmed.
 *
 * @param more arguments for the CLI, such as `--app`
 * @throws {OperatorFault} if it does not exit with code 0
 */
export async function deploy(stack: string, more: readonly string[]): Promise<void> {
  const cdktf = join(root, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf.js');
  const code = await run(
    process.execPath,
    [cdktf, 'deploy', stack, '--auto-approve', ...more],
    root,
  );
  if (code === 0) return;
  throw new OperatorFault(
    `The deployment of ${stack} ended with code ${code}. What was applied stays; npx cdktf deploy ${stack} goes on.`,
  );
}

/** Results of this program go to standard output, so the output of other programs goes to standard error. */
async function run(program: string, args: readonly string[], folder: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    spawn(program, args, { cwd: folder, stdio: ['inherit', process.stderr, 'inherit'] })
      .once('error', (error) =>
        reject(new OperatorFault(`${program} cannot be run in ${folder}: ${error.message}`)),
      )
      .once('close', (code) => resolve(code ?? 1));
  });
}
