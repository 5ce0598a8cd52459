/**
 * The commands of pipelines, called by npm scripts of the same names. Each uses the stacks that were
 * synthesised last.
 *
 * - `npm run plan -- DEV`: shows what a deployment would change.
 * - `npm run deploy -- DEV`: deploys without asking, unless jobs would be lost.
 * - `npm run drift -- DEV`: exit code 1 if the account differs from what was deployed.
 * - `npm run endpoint -- DEV`: prints the URL of the deployed service.
 */

import { deliverProgram } from './program.ts';

const program = deliverProgram({
  print: (text) => process.stdout.write(`${text}\n`),
  end: (code) => {
    process.exitCode = code;
  },
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
