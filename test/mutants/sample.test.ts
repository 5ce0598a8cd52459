import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mutantReport } from './mutant-report.ts';
import { mutantsOf, rangeOf, sampleOf } from './mutants-of.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the mutants of a file', () => {
  it('log lines, the words of plain errors and lists that are not read have no mutants', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, 'a.ts'),
      [
        `log.warn('was late', { by: 'hours' });`,
        `class A { #options; a() { this.#options.log.error('failed', {}, error); } }`,
        `dependencies.log.with({ jobId: 'a' });`,
        `throw new Error(\`\${name} failed\`);`,
        `throw new JobError('badRequest', 'No data.');`,
        `map.with(0, 'b');`,
        `const [, year] = /a/.exec(text) ?? [];`,
        `const [first] = /a/.exec(text) ?? [];`,
      ].join('\n'),
    );
    const mutants = await mutantsOf(folder, ['a.ts']);
    const lines = mutants.map(({ location }) => location.start.line + 1);
    // The body of the method, the kind and the words of a fault, and a text elsewhere.
    expect(lines.filter((line) => line < 7).sort()).toEqual([2, 5, 5, 6]);
    const lists = mutants.filter(({ mutatorName }) => mutatorName === 'ArrayDeclaration');
    expect(lists.map(({ location }) => location.start.line + 1)).toEqual([8]);
  });
});

describe('a sample of mutants', () => {
  it('a sample of mutants is the same for the same seed, another for another, and no larger than requested', async () => {
    const all = await mutantsOf(root, ['stacks/vcpus-of-machine.ts']);
    const ranges = (seed: string) => sampleOf(all, { most: 5, seed }).map(rangeOf);
    expect(all.length).toBeGreaterThan(10);
    expect(ranges('1')).toHaveLength(5);
    expect(ranges('1')).toEqual(ranges('1'));
    expect(ranges('1')).not.toEqual(ranges('2'));
  });

  it('a sample of few mutants is all of them', async () => {
    const all = await mutantsOf(root, ['stacks/vcpus-of-machine.ts']);
    expect(sampleOf(all, { most: 1_000, seed: '1' })).toEqual(all);
  });

  it('a mutant has its place as StrykerJS expects it: lines from 1, columns from 0', async () => {
    const [first] = await mutantsOf(root, ['stacks/names.ts']);
    expect(first && rangeOf(first)).toMatch(/^stacks\/names\.ts:\d+:\d+-\d+:\d+$/);
  });
});

describe('the report of mutants', () => {
  const location = { start: { line: 3, column: 5 } };
  const tried = (fileName: string, status: string) => ({
    fileName,
    location,
    status,
    mutatorName: 'BooleanLiteral',
    replacement: 'true',
  });

  it('the report of mutants counts the killed ones by folder, and names each survivor', () => {
    const report = mutantReport(
      [
        tried('stacks/a.ts', 'Killed'),
        tried('stacks/a.ts', 'Timeout'),
        tried('stacks/b.ts', 'Survived'),
        tried('ami/c.ts', 'NoCoverage'),
        tried('ami/c.ts', 'CompileError'),
      ],
      6,
    );
    expect(report).toContain('| ami | 1 | 0 | 0 % |\n| stacks | 3 | 2 | 67 % |\n');
    expect(report).toContain('| **all** | 4 | 2 | 50 % |');
    expect(report).toContain('- stacks/b.ts:3:5 BooleanLiteral: `true`');
    expect(report).toContain('- ami/c.ts:3:5 BooleanLiteral (no test runs it): `true`');
    expect(report).toContain('1 of 6 were not tried');
  });
});

describe('npm run mutants', () => {
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ['--import', 'tsx', 'test/mutants/main.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  it('npm run mutants breaks no declarations of types, scripts of pages or documents', () => {
    const types = 'batch-jobs/api/fs-native-extensions.d.ts';
    expect(run(types, 'lambda/protocols/html/client', 'docs')).toContain(
      'There is no code to break',
    );
  });

  it('npm run mutants refuses a text that is not a number', () => {
    expect(() => run('stacks', '--most', 'few')).toThrow('"few" is no whole number above 0.');
  });
});
