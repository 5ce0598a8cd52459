import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { operatorProgram } from '../../stacks/operate/program.ts';
import { processTerminal } from '../../stacks/operate/terminal.ts';
import { faultOfCall, operate } from './called-program.ts';

const program = operatorProgram(processTerminal());
const commands = program.commands.flatMap((command) =>
  command.commands.length > 0
    ? command.commands.map((each) => [command.name(), each.name()])
    : [[command.name()]],
);

describe('the operators’ commands', () => {
  it.each(commands.map((words) => [words.join(' ')]))(
    'the operators’ command %s is explained with examples',
    async (name) => {
      const words = name.split(' ');
      const { printed } = await operate([...words, '--help']);
      expect(printed).toContain(`npm run operate -- ${words.at(-1) === 'logs' ? 'logs' : name}`);
      expect(printed).toContain('--json');
    },
  );

  it('examples of the operators’ commands are valid calls', async () => {
    for (const words of commands) {
      const { printed } = await operate([...words, '--help']);
      const examples = [...printed.matchAll(/^ {2}npm run operate -- (.+)$/gm)].map(
        ([, call]) => call,
      );
      expect(examples.length, words.join(' ')).toBeGreaterThan(0);
      for (const call of examples) {
        const args = [...String(call).matchAll(/"([^"]*)"|(\S+)/g)].map(
          ([, quoted, bare]) => quoted ?? bare ?? '',
        );
        expect(await faultOfCall(args), call).toBeUndefined();
      }
    }
  });

  it('the operators’ commands complete their arguments in four shells', () => {
    const shells = {
      bash: 'complete -F __wps_operate_complete wps-operate',
      zsh: 'compdef _wps-operate wps-operate',
      fish: 'complete -c wps-operate',
      powershell: "Register-ArgumentCompleter -CommandName 'wps-operate'",
    };
    const [jobs, severity, environment, option, ...scripts] = printedByProgram([
      ['complete', '--', 'jobs', 'di'],
      ['complete', '--', 'notice', 'set', '--severity', ''],
      ['complete', '--', 'promote', 'S'],
      ['complete', '--', 'jobs', 'list', '--env', 'P'],
      ...Object.keys(shells).map((shell) => ['completion', shell]),
    ]);
    expect(jobs).toMatch(/^dismiss\t/);
    expect(severity).toMatch(/critical/);
    expect(environment).toMatch(/^SYSTEST\t/);
    expect(option).toMatch(/^PROD\t/);
    for (const [index, registration] of Object.values(shells).entries()) {
      expect(scripts[index]).toContain(registration);
    }
  });
});

/** Text that the program prints for each call. Calls share a process: loading the program takes a second. */
function printedByProgram(calls: readonly (readonly string[])[]): string[] {
  const main = join(import.meta.dirname, '../../stacks/operate/main.ts');
  const script = `for (const [index, args] of ${JSON.stringify(calls)}.entries()) {
    // Commander finds the arguments of an evaluated script here.
    process.argv.splice(1, Infinity, ...args);
    await import(${JSON.stringify(`${main}?`)} + index);
    console.log('\\f');
  }`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return stdout.split('\f\n');
}
