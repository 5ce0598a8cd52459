import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fetchSchemas, schemaSites } from './fetch-schemas.ts';
import type { Need } from './left-out.ts';

const root = join(import.meta.dirname, '..');
const beside = join(root, '..', 'shared', 'ogc-schemas');
const fetched = join(root, '.cache', 'ogc-schemas');

/**
 * Folder with the official schemas of OGC, laid out as on its schema site (`wps/1.0.0`, `ows/1.1.0`), and in
 * `w3/` the W3C schemas that they import. It is the folder that `OGC_SCHEMAS_DIR` names, or the one stored
 * beside the project, or the one that the tests fetch into.
 */
export const schemasDir = process.env['OGC_SCHEMAS_DIR'] ?? (existsSync(beside) ? beside : fetched);

export const officialSchemas: Need = {
  name: 'the official schemas of OGC',
  isMet: () => existsSync(join(schemasDir, 'wps', '1.0.0', 'wpsAll.xsd')),
  from: `set OGC_SCHEMAS_DIR to a folder with a copy of wps/1.0.0 and ows/1.1.0 of ${schemaSites.ogc}, and in w3/ xlink.xsd and xml.xsd of ${schemaSites.w3}, or run the tests once where these sites answer`,
};

/** The JSON schemas of OGC API - Processes. The tests do not fetch them: their site has them only as YAML. */
export const officialApiSchemas: Need = {
  name: 'the official schemas of OGC API - Processes',
  isMet: () => existsSync(join(schemasDir, 'api', 'statusInfo.json')),
  from: 'set OGC_SCHEMAS_DIR to a folder with the schemas of Part 1, version 1.0, as JSON in api/',
};

/** The schemas of WPS 2.0, with the parts of XML Schema that they use. */
export const officialSchemas20: Need = {
  name: 'the official schemas of WPS 2.0',
  isMet: () =>
    existsSync(join(schemasDir, 'wps', '2.0', 'wps.xsd')) &&
    existsSync(join(schemasDir, 'w3', 'XMLSchema-occurs.xsd')),
  from: `set OGC_SCHEMAS_DIR to a folder with wps/2.0 and ows/2.0 of ${schemaSites.ogc} besides those of 1.0.0, and in w3/ the attribute group "occurs" of XMLSchema.xsd as XMLSchema-occurs.xsd`,
};

/** Fetches the schemas before the tests run if the machine has no copy of them. */
export async function setup(): Promise<void> {
  if (officialSchemas.isMet()) return;
  const why =
    schemasDir === fetched
      ? await fetchSchemas(fetched).catch((error: Error) => error.message)
      : `there is no ${schemasDir}/wps/1.0.0/wpsAll.xsd`;
  if (why === undefined) return;
  const text = `The official schemas of OGC are missing (${why})`;
  if (process.env['CI']) throw new Error(`${text}: ${officialSchemas.from}.`);
  console.warn(`${text}. Checks against them are left out.`);
}
