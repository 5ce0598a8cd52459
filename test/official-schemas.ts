import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';
import { compileSchema } from '../lambda/wps/compile-schema.ts';

/**
 * Folder with the official schemas of OGC, laid out as on its schema site (`wps/`, `ows/`,
 * `xlink/`), and those of W3C that they import in `w3/`.
 */
const schemasDir =
  process.env['OGC_SCHEMAS_DIR'] ?? join(import.meta.dirname, '..', '..', 'shared', 'ogc-schemas');

if (!existsSync(join(schemasDir, 'wps'))) {
  throw new Error(
    `the official OGC schemas are not at ${schemasDir}; set OGC_SCHEMAS_DIR to a copy of http://schemas.opengis.net/ (wps/1.0.0, ows/1.1.0, xlink/1.0.0) with xlink.xsd and xml.xsd of http://www.w3.org/ in w3/`,
  );
}

const site = 'http://schemas.opengis.net/';
const w3 = {
  'http://www.w3.org/1999/xlink.xsd': 'w3/xlink.xsd',
  'http://www.w3.org/2001/xml.xsd': 'w3/xml.xsd',
};

let compiled: XsdValidator | undefined;

/**
 * The official schemas of WPS 1.0.0 as one validator: requests, responses and exception reports.
 */
export function officialSchema(): XsdValidator {
  compiled ??= compile(`${site}wps/1.0.0/wpsAll.xsd`);
  return compiled;
}

/**
 * What the official schemas find wrong with a document; nothing when it is valid.
 *
 * @throws when it is not well-formed
 */
export function faultsOf(document: string | Uint8Array): string[] {
  const parsed =
    typeof document === 'string'
      ? XmlDocument.fromString(document)
      : XmlDocument.fromBuffer(document);
  try {
    officialSchema().validate(parsed);
    return [];
  } catch (error) {
    if (error instanceof XmlValidateError) return error.details.map((detail) => detail.message);
    throw error;
  } finally {
    parsed.dispose();
  }
}

function compile(url: string): XsdValidator {
  const files = [
    ...['wps/1.0.0', 'wps/1.0.0/common', 'ows/1.1.0', 'xlink/1.0.0'].flatMap((folder) =>
      readdirSync(join(schemasDir, folder))
        .filter((name) => name.endsWith('.xsd'))
        .map((name) => [`${site}${folder}/${name}`, `${folder}/${name}`] as const),
    ),
    ...Object.entries(w3),
  ];
  const contents = files.map(
    ([from, path]) => [from, readFileSync(join(schemasDir, path), 'utf8')] as const,
  );
  return compileSchema(Object.fromEntries(contents), url);
}
