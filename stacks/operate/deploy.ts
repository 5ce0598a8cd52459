import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { OperatorFault } from './terminal.ts';

const root = join(import.meta.dirname, '..', '..');

/**
 * Runs `npm run deploy -- <stack>` and prints its output as it comes. The operator has already confirmed.
 *
 * The CLI of cdktf is not used: when Terraform fails, it may end before the lines that give the reason.
 *
 * @param more arguments for that script, such as `--lose-jobs`
 * @throws {OperatorFault} if it does not exit with code 0
 */
export async function deploy(stack: string, more: readonly string[]): Promise<void> {
  const command = `npm run deploy -- ${[stack, ...more].join(' ')}`;
  const code = await run('npm', ['run', '--silent', 'deploy', '--', stack, ...more], root);
  if (code === 0) return;
  throw new OperatorFault(
    `The deployment of ${stack} ended with code ${code}, for the reason above. What was applied stays. Mend it, and go on: ${command}`,
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
