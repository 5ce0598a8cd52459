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
    const run = (...args: string[]) =>
      spawnSync(
        process.execPath,
        ['--import', 'tsx', join(import.meta.dirname, '../../stacks/operate/main.ts'), ...args],
        { encoding: 'utf8' },
      );
    expect(run('complete', '--', 'jobs', 'di').stdout).toMatch(/^dismiss\t/);
    expect(run('complete', '--', 'notice', 'set', '--severity', '').stdout).toMatch(/critical/);
    expect(run('complete', '--', 'promote', 'S').stdout).toMatch(/^SYSTEST\t/);
    expect(run('complete', '--', 'jobs', 'list', '--env', 'P').stdout).toMatch(/^PROD\t/);
    expect(run('completion', 'bash').stdout).toContain('complete -F __wps_operate_complete');
  });
});
