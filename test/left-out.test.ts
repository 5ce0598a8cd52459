import { afterEach, beforeEach, expect, it } from 'vitest';
import { leaveOut, type Need, summaryOf } from './left-out.ts';

const need: Need = { name: 'a tool', isMet: () => false, from: 'install it' };
let ci: string | undefined;

beforeEach(() => {
  ci = process.env['CI'];
});

afterEach(() => {
  if (ci === undefined) delete process.env['CI'];
  else process.env['CI'] = ci;
});

it('a test run ends with one line per missing tool, which counts what was left out', () => {
  expect(summaryOf(['a tool: install it', 'schemas: fetch them', 'a tool: install it'])).toEqual([
    'LEFT OUT: 2 checks that need a tool: install it.',
    'LEFT OUT: 1 check that needs schemas: fetch them.',
  ]);
});

it('a test run with CI set leaves nothing out', () => {
  process.env['CI'] = 'true';
  expect(() => leaveOut(need)).toThrow('The tests need a tool: install it.');
});
