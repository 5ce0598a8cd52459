import type { Command } from 'commander';
import { operatorProgram } from '../../stacks/operate/program.ts';
import { processTerminal, type Terminal } from '../../stacks/operate/terminal.ts';

/** The result of a command. */
export interface Called {
  readonly code: number;
  /** Printed results. */
  readonly printed: string;
  /** All other output. */
  readonly told: string;
}

/**
 * Calls an operators' command in this process, as its program does.
 *
 * @param answer of the person at the terminal; without it, there is no terminal
 */
export async function operate(args: readonly string[], answer?: boolean): Promise<Called> {
  const printed: string[] = [];
  const told: string[] = [];
  let code = 0;
  const terminal: Terminal = {
    print: (text) => printed.push(text),
    tell: (text) => told.push(text),
    isInteractive: answer !== undefined,
    ask: async (question) => {
      told.push(question);
      return answer ?? false;
    },
    end: (given) => {
      code = given;
    },
    progress: () => ({ update: () => undefined, end: () => undefined }),
  };
  const program = operatorProgram(terminal);
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => printed.push(text),
      writeErr: (text) => told.push(text),
    });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The operator reads faults. Any other error is a bug in the program.
    if (!/Fault$|^CommanderError$/.test(error.name)) throw error;
    told.push(error.message);
    code = 1;
  }
  return { code, printed: printed.join('\n'), told: told.join('\n') };
}

/**
 * Checks whether the program accepts a call, without carrying it out.
 *
 * @returns the fault in the call; undefined if it is right
 */
export async function faultOfCall(args: readonly string[]): Promise<string | undefined> {
  const told: string[] = [];
  const program = operatorProgram(processTerminal());
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => told.push(text),
      writeErr: (text) => told.push(text),
    });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return undefined;
  } catch {
    return told.join('');
  }
}

function allCommands(program: Command): readonly Command[] {
  return [program, ...program.commands.flatMap((each) => [each, ...each.commands])];
}
