import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/**
 * Puts one file into a zip.
 *
 * @param compress false for content that is compressed in itself
 */
export async function writeZip(
  from: string,
  nameInside: string,
  to: string,
  compress: boolean,
): Promise<void> {
  const zip = new ZipFile();
  zip.addFile(from, nameInside, { compress });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(to));
}
