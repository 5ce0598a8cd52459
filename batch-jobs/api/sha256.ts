import { loadOnce } from './load-once.ts';

/** It takes some 5 ms to load, which a start that answers GetCapabilities should not pay. */
const crypto = loadOnce(() => import('node:crypto'));

/** SHA-256 of all parts, one after the other, as hexadecimal digits. */
export async function sha256(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const { createHash } = await crypto();
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
