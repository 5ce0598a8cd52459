import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  baseImageIn,
  digestOf,
  filesWithBaseImage,
  movingImage,
  withBaseImage,
} from './base-image.ts';

export interface PinOptions {
  /** The tag to change to. Default: the tag that is there. */
  readonly tag?: string;
  /** URL of the registry of Docker Hub’s official images, or of a mirror of it. */
  readonly registry?: string;
  /** Folder of the project. */
  readonly root: string;
}

/**
 * Writes the current digest of the tag into the files that name the image.
 *
 * @returns a line on each file
 */
export async function pinBaseImage({ root, tag, registry }: PinOptions): Promise<string[]> {
  const lines: string[] = [];
  for (const file of filesWithBaseImage) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    const found = baseImageIn(text);
    const image = { name: found.name, tag: tag ?? found.tag };
    const digest = await digestOf(image, registry);
    writeFileSync(path, withBaseImage(text, { ...image, digest }));
    lines.push(`${file}: ${image.name}:${image.tag}@${digest}`);
  }
  return lines;
}

/**
 * Compares the image with the newest of its major version, and writes nothing.
 *
 * @returns a line that says it is the newest
 * @throws if there is a newer one
 */
export async function checkBaseImage({ root, registry }: PinOptions): Promise<string> {
  const [file = ''] = filesWithBaseImage;
  const image = baseImageIn(readFileSync(join(root, file), 'utf8'));
  const moving = movingImage(image);
  const newest = await digestOf(moving, registry);
  if (newest !== image.digest) {
    throw new Error(
      `${file} names ${image.name}:${image.tag}@${image.digest ?? 'no digest'}, and ${moving.name}:${moving.tag} is ${newest} now; run "npm run pin-base-image", with "-- --tag" where there is a newer version of Node.js, and commit what it writes`,
    );
  }
  return `${image.name}:${image.tag} is the newest ${moving.name}:${moving.tag}`;
}
