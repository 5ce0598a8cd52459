import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { followLines } from '../../batch-jobs/runner/follow-lines.ts';

describe('the lines that a program prints', () => {
  const linesOf = async (...chunks: (string | Uint8Array)[]) => {
    const lines: string[] = [];
    const stream = Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    );
    await followLines(stream, 5, (line) => lines.push(line));
    return lines;
  };

  it.each([
    ['a line feed', '\n'],
    ['a carriage return, as progress bars do', '\r'],
    ['both', '\r\n'],
  ])('printed lines may end with %s', async (_, end) => {
    expect(await linesOf(`one${end}two${end}${end}`)).toEqual(['one', 'two']);
  });

  it('printed lines may come in any pieces', async () => {
    const piece = Buffer.from('café\r\nand\n');
    expect(await linesOf(piece.subarray(0, 4), piece.subarray(4, 6), piece.subarray(6))).toEqual([
      'café',
      'and',
    ]);
  });

  it('printed lines that are too long are cut, in one piece or many', async () => {
    expect(await linesOf('123456789\nabc', 'de', 'fgh\nxy')).toEqual(['12345', 'abcde', 'xy']);
  });
});
