import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultOfCall } from '../operate/called-program.ts';
import { resources, samplePlatform } from '../stacks/sample-platform.ts';
import {
  type DocumentedCommand,
  documentedCommands,
  operateArguments,
  pageText,
  runbookCommands,
  runbooks,
} from './documented-commands.ts';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
);

/** Allowed arguments of `npx cdktf` and `terraform`. */
const cdktfCommands = ['deploy', 'diff', 'destroy'];
const stackNames = ['SHARED', 'DEV', 'SYSTEST', 'RC', 'PROD'];
const terraformCommands = ['init', 'import', 'force-unlock', 'state', 'plan', 'output'];

/** The fault in a command. Undefined if the command is right, or if another test checks it. */
async function faultOf(command: DocumentedCommand): Promise<string | undefined> {
  const operate = operateArguments(command);
  if (operate) return await faultOfCall(operate);
  const [program, first = '', second = '', third = ''] = command.words;
  switch (program) {
    case 'npm': {
      if (first === 'test' || first === 'start') return undefined;
      return first === 'run' && second in scripts ? undefined : 'there is no such script';
    }
    case 'npx': {
      const isKnown =
        first === 'cdktf' && cdktfCommands.includes(second) && stackNames.includes(third);
      return isKnown ? undefined : 'cdktf has no such command or stack';
    }
    case 'terraform': {
      const stack = /^-chdir=cdktf\.out\/stacks\/(\w+)$/.exec(first)?.[1] ?? '';
      const isKnown = stackNames.includes(stack) && terraformCommands.includes(second);
      return isKnown || first === 'version'
        ? undefined
        : 'Terraform has no such command, or there is no such stack';
    }
    // `test/aws` compares these with AWS's own models.
    case 'aws':
    case 'curl':
    case 'df':
    case 'source':
    case 'wps-operate()':
      return undefined;
    default:
      return 'no test knows the program';
  }
}

describe('the runbooks', () => {
  it('each alarm names a runbook of its own', async () => {
    const { stacks } = await samplePlatform();
    const alarms = resources(stacks['PROD'], 'aws_cloudwatch_metric_alarm').map((alarm) => ({
      name: String(alarm['alarm_name']).replace('wps-prod-', ''),
      description: String(alarm['alarm_description']),
    }));
    expect(alarms.length).toBeGreaterThan(10);
    const pages = runbooks().filter((name) => /^# Alarm: /.test(pageText(`runbooks/${name}.md`)));
    expect(pages).toEqual(alarms.map(({ name }) => name).sort());
    for (const { name, description } of alarms) {
      expect(description).toMatch(new RegExp(` What to do: docs/runbooks/${name}\\.md\\.$`));
      // Source: Amazon CloudWatch API Reference, PutMetricAlarm, AlarmDescription
      expect(description.length).toBeLessThanOrEqual(1024);
    }
  });

  it.each(runbooks())(
    'runbook %s says what the alarm means, what to look at and what to do',
    (name) => {
      const text = pageText(`runbooks/${name}.md`);
      const parts = text.split(/^## /m).map((part) => part.trim());
      expect(parts.map((part) => part.split('\n')[0])).toEqual([
        expect.stringMatching(/^# \S/),
        'What it means',
        'What to look at',
        'What to do',
      ]);
      for (const part of parts.slice(1)) expect(part.split('\n').length).toBeGreaterThan(2);
      expect(documentedCommands([`runbooks/${name}.md`]).length).toBeGreaterThan(1);
      expect(pageText('runbooks/README.md')).toContain(`(${name}.md)`);
    },
  );

  it('commands in runbooks exist and accept the arguments shown', async () => {
    const commands = [
      ...runbookCommands(),
      ...documentedCommands(['operations/commands.md', 'operations/going-back.md']),
    ];
    expect(commands.length).toBeGreaterThan(80);
    const faults = await Promise.all(
      commands.map(async (command) => {
        const fault = await faultOf(command);
        return fault === undefined ? [] : [`${command.page}: ${command.line}: ${fault}`];
      }),
    );
    expect(faults.flat()).toEqual([]);
  });

  it('the check of runbooks finds a misspelt command', async () => {
    const fault = (line: string) => faultOf({ page: '', line, words: line.split(' ') });
    expect(await fault('npm run operate -- status PROD --jsn')).toMatch(/unknown option '--jsn'/);
    expect(await fault('npm run operate -- job list')).toMatch(/unknown command 'job'/);
    expect(await fault('npm run operate -- rollback')).toMatch(/missing required argument/);
    expect(await fault('npm run sinth')).toBeDefined();
    expect(await fault('npx cdktf deploy MARS')).toBeDefined();
    expect(await fault('rm -rf cdktf.out')).toBeDefined();
  });
});
