import { expect, it } from 'vitest';
import { driftOf } from '../../stacks/deliver/drift.ts';

const change = (
  address: string,
  actions: string[],
  before: object | null,
  after: object | null,
) => ({
  address,
  change: { actions, before, after },
});

it('drift is a change from outside that a deployment would revert', () => {
  expect(
    driftOf({
      resource_drift: [
        change('aws_a.changed', ['update'], { name: 'one', tags: null }, { name: 'two', tags: {} }),
        change('aws_a.gone', ['delete'], { name: 'one' }, null),
        change('aws_a.written-by-others', ['update'], { value: 'one' }, { value: 'two' }),
        change(
          'aws_a.released',
          ['update'],
          { state: 'ON', modified: '1', ignored: 1 },
          { state: 'OFF', modified: '2', ignored: 2 },
        ),
        change('aws_a.empty', ['update'], { tags: null, list: [] }, { tags: {}, list: null }),
        // The deployment would remove it, whatever it is like.
        change('aws_a.of-the-last-release', ['update'], { size: 1 }, { size: 2 }),
      ],
      resource_changes: [
        change('aws_a.changed', ['update'], { name: 'two' }, { name: 'one' }),
        change('aws_a.gone', ['create'], null, { name: 'one' }),
        change('aws_a.written-by-others', ['no-op'], { value: 'two' }, { value: 'two' }),
        // `modified` is known only after the apply, `ignored` has the value that others wrote, and `code`
        // belongs to the next release.
        change(
          'aws_a.released',
          ['update'],
          { state: 'OFF', modified: '2', ignored: 2, code: 'one' },
          { state: 'ON', ignored: 2, code: 'two' },
        ),
        change('aws_a.empty', ['update'], { size: 1 }, { size: 2 }),
        change('aws_a.of-the-next-release', ['update'], { size: 1 }, { size: 2 }),
        change('aws_a.of-the-last-release', ['delete'], { size: 2 }, null),
      ],
    }),
  ).toEqual([
    { address: 'aws_a.changed', attributes: 'name' },
    { address: 'aws_a.gone', attributes: 'is gone' },
    { address: 'aws_a.released', attributes: 'state' },
  ]);
});

it('a plan without differences from the deployment has no drift', () => {
  expect(driftOf({ format_version: '1.2' })).toEqual([]);
});
