/** `npm run operate -- <command>`: see `npm run operate -- --help`. */

import tab from '@bomb.sh/tab/commander';
import { operatorProgram } from './program.ts';
import { OperatorFault, processTerminal } from './terminal.ts';

const program = operatorProgram(processTerminal());
tab(program, { completionCommandName: 'completion' });

try {
  await program.parseAsync();
} catch (error) {
  const isExpected =
    error instanceof OperatorFault || (error instanceof Error && /Fault$/.test(error.name));
  const words = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `${isExpected || !(error instanceof Error) ? words : `${error.name}: ${words}`}\n`,
  );
  process.exitCode = 1;
}
