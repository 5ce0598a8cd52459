import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A file to put into a zip file. */
export interface ZipEntry {
  readonly path: string;
  readonly nameInside: string;
  /** False for content that is already compressed. */
  readonly compress: boolean;
}

export async function writeZip(entry: ZipEntry, receipt: string, to: string): Promise<void> {
  const zip = new ZipFile();
  zip.addFile(entry.path, entry.nameInside, { compress: entry.compress });
  zip.addBuffer(Buffer.from(receipt), 'receipt.json');
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(to));
}
