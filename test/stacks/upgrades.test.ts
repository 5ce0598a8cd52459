import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareStacks } from '../../stacks/upgrade/compare-stacks.ts';
import { moved, upgrades } from '../../stacks/upgrade/upgrades.ts';

describe('the move of a module', () => {
  it('an upgrade renames imports, static and dynamic, and leaves packages with similar names alone', () => {
    const source = [
      "import { App } from 'cdktf';",
      "import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';",
      "const late = await import('cdktf/lib/app.js');",
      "import x from 'cdktf-cli';",
    ].join('\n');
    expect(moved(source, upgrades.cdktn).split('\n')).toEqual([
      "import { App } from 'cdktn';",
      "import { Vpc } from '@cdktn/provider-aws/lib/vpc/index.js';",
      "const late = await import('cdktn/lib/app.js');",
      "import x from 'cdktf-cli';",
    ]);
    expect(moved(source, upgrades['provider-6'])).toBe(source);
  });

  it('an upgrade renames properties where they are set', () => {
    const source =
      '{ computeEnvironmentNamePrefix: prefix, other: computeEnvironmentNamePrefixes }';
    expect(moved(source, upgrades['provider-6'])).toBe(
      '{ namePrefix: prefix, other: computeEnvironmentNamePrefixes }',
    );
  });
});

describe('the comparison of two ways to synthesise a stack', () => {
  const stack = (attributes: object, id = 'one') => ({
    resource: { aws_x: { [id]: { '//': { metadata: attributes }, ...attributes } } },
  });
  const same = { gone: [], added: [], changed: [] };

  it('comparing stacks ignores metadata, empty attributes and known names', () => {
    expect(compareStacks(stack({ a: 1 }), stack({ a: 1, b: null }), {})).toEqual(same);
    expect(compareStacks(stack({ old: 'p-' }), stack({ new: 'p-' }), { new: 'old' })).toEqual(same);
  });

  it('comparing stacks reports an attribute with another value, at any depth', () => {
    const before = stack({ tags: { Name: 'a' }, list: [{ size: 1 }] });
    const after = stack({ tags: { Name: 'b' }, list: [{ size: 2 }], more: true });
    expect(compareStacks(before, after, {}).changed).toEqual([
      'aws_x.one.tags.Name: "a" -> "b"',
      'aws_x.one.list.0.size: 1 -> 2',
      'aws_x.one.more: undefined -> true',
    ]);
  });

  it('comparing stacks reports what a plan would destroy and create: another address is another resource', () => {
    expect(compareStacks(stack({}), stack({}, 'two'), {})).toEqual({
      gone: ['aws_x.one'],
      added: ['aws_x.two'],
      changed: [],
    });
  });
});

it('an unknown upgrade is refused with the known ones', () => {
  const run = () =>
    execFileSync(process.execPath, ['--import', 'tsx', 'stacks/upgrade/main.ts', 'cdk8s'], {
      cwd: join(import.meta.dirname, '..', '..'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  expect(run).toThrow('"cdk8s" is no upgrade; allowed: provider-6, cdktn');
});
