import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The sites under whose addresses the official schemas import each other. */
export const schemaSites = {
  ogc: 'http://schemas.opengis.net/',
  w3: 'http://www.w3.org/',
} as const;

const entry = `${schemaSites.ogc}wps/1.0.0/wpsAll.xsd`;

/** Time limit for one document, in milliseconds. */
const patience = 15_000;

/**
 * Fetches the schemas of WPS 1.0.0 and everything they import. Creates the folder only when all of them have
 * arrived.
 *
 * @param folder receives OGC's schemas laid out as on OGC's site, and W3C's in `w3/`
 * @param from replacements for the sites' own addresses
 * @throws with the address that did not answer, and the reason
 */
export async function fetchSchemas(
  folder: string,
  from: Readonly<Record<keyof typeof schemaSites, string>> = schemaSites,
): Promise<void> {
  const documents = new Map<string, string>();
  const wanted = [entry];
  for (let address = wanted.pop(); address !== undefined; address = wanted.pop()) {
    if (documents.has(address)) continue;
    const text = await download(reachedAt(address, from));
    documents.set(address, text);
    wanted.push(...importedBy(text, address));
  }

  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  try {
    for (const [address, text] of documents) {
      const path = join(unfinished, pathOf(address));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function importedBy(schema: string, address: string): string[] {
  const locations = schema.matchAll(/\bschemaLocation\s*=\s*["']([^"']+)["']/g);
  return [...locations].map(([, location = '']) => new URL(location, address).href);
}

function reachedAt(address: string, from: Readonly<Record<keyof typeof schemaSites, string>>) {
  if (address.startsWith(schemaSites.ogc)) return address.replace(schemaSites.ogc, from.ogc);
  if (address.startsWith(schemaSites.w3)) return address.replace(schemaSites.w3, from.w3);
  throw new Error(`they import ${address}, which is on neither of their sites`);
}

function pathOf(address: string): string {
  return address.startsWith(schemaSites.ogc)
    ? address.slice(schemaSites.ogc.length)
    : join('w3', basename(address));
}

async function download(address: string): Promise<string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(patience) }).catch(
    (error: Error) => {
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw new Error(`${address} cannot be fetched: ${why}`);
    },
  );
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return await response.text();
}
