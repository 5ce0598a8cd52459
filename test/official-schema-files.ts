import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fetchSchemas, schemaSites } from './fetch-schemas.ts';

const root = join(import.meta.dirname, '..');
const beside = join(root, '..', 'shared', 'ogc-schemas');
const fetched = join(root, '.cache', 'ogc-schemas');

/**
 * Folder with the official schemas of OGC, laid out as on its schema site (`wps/1.0.0`,
 * `ows/1.1.0`), and those of W3C that they import in `w3/`: what `OGC_SCHEMAS_DIR` names, or what
 * lies beside the project, or what was fetched into it.
 */
export const schemasDir = process.env['OGC_SCHEMAS_DIR'] ?? (existsSync(beside) ? beside : fetched);

/** Has the schemas at hand before the tests run. */
export async function setup(): Promise<void> {
  if (existsSync(join(schemasDir, 'wps', '1.0.0', 'wpsAll.xsd'))) return;
  try {
    if (schemasDir !== fetched) throw new Error(`there is no ${schemasDir}/wps/1.0.0/wpsAll.xsd`);
    await fetchSchemas(fetched);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The tests need the official schemas of OGC, and ${why}. Set OGC_SCHEMAS_DIR to a folder with a copy of wps/1.0.0 and ows/1.1.0 of ${schemaSites.ogc}, and in w3/ xlink.xsd and xml.xsd of ${schemaSites.w3}.`,
    );
  }
}
