import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffle, unshuffleInto } from '../../batch-jobs/gogoduck/netcdf/shuffle.ts';

/** The same bytes in memory that begins at this address. */
function at(offset: number, bytes: Uint8Array): Uint8Array {
  const memory = new Uint8Array(offset + bytes.length);
  memory.set(bytes, offset);
  return memory.subarray(offset);
}

describe('the shuffle filter', () => {
  it.each([
    [1, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
    [2, [1, 2, 3, 4, 5, 6], [1, 3, 5, 2, 4, 6]],
    [3, [1, 2, 3, 4, 5, 6], [1, 4, 2, 5, 3, 6]],
    [4, [1, 2, 3, 4, 5, 6, 7, 8], [1, 5, 2, 6, 3, 7, 4, 8]],
  ])(
    'the shuffle filter puts the first bytes of all cells first, of cells of %d bytes at any address',
    (size, cells, shuffled) => {
      for (const offset of [0, 1, 2]) {
        expect([...shuffle(at(offset, Uint8Array.from(cells)), size)]).toEqual(shuffled);
      }
    },
  );

  it('the shuffle filter is undone for any run of cells, into memory at any address', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3, 4, 8),
        fc.uint8Array({ minLength: 8, maxLength: 96 }),
        fc.nat({ max: 3 }),
        fc.nat({ max: 7 }),
        fc.nat({ max: 7 }),
        (size, bytes, offset, skip, more) => {
          const whole = bytes.subarray(0, bytes.length - (bytes.length % size));
          const cells = whole.length / size;
          const first = Math.min(skip, cells - 1);
          const count = Math.min(more + 1, cells - first);
          const target = at(offset, new Uint8Array(count * size));
          unshuffleInto(target, shuffle(whole, size), size, first, count);
          expect([...target]).toEqual([...whole.subarray(first * size, (first + count) * size)]);
        },
      ),
    );
  });
});
