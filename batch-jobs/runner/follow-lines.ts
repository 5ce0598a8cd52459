import type { Readable } from 'node:stream';

/**
 * Follows what a program prints, line by line, with any kind of line end. Of each line only
 * the beginning is kept: one without an end must not take the memory of the container.
 *
 * @param longest characters of a line that count
 * @param onLine called with each line that is not empty
 * @returns when the stream is closed, and all of it told
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
    for (const [index, part] of text.split(/[\r\n]+/).entries()) {
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
