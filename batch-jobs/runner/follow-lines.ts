import type { Readable } from 'node:stream';

/**
 * Reads the output of a program line by line, with any kind of line ending. Only the beginning of each line
 * is kept, because an endless line must not fill the memory of the container.
 *
 * @param longest number of characters of a line to keep
 * @param onLine called with each line that is not empty
 * @returns when the stream is closed and all lines were delivered
 */
export function followLines(
  stream: Readable,
  longest: number,
  onLine: (line: string) => void,
): Promise<void> {
  let line = '';
  const end = () => {
    if (line) onLine(line);
    line = '';
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    for (const [index, part] of text.split(/[\r\n]/).entries()) {
      if (index > 0) end();
      line += part.slice(0, longest - line.length);
    }
  });
  return new Promise((resolve) => {
    stream.on('close', () => {
      end();
      resolve();
    });
  });
}
