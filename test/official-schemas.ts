import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';
import { compileSchema } from '../lambda/protocols/ows/compile-schema.ts';
import { schemaSites } from './fetch-schemas.ts';
import { leaveOut } from './left-out.ts';
import { officialSchemas, schemasDir } from './official-schema-files.ts';

const w3 = {
  [`${schemaSites.w3}1999/xlink.xsd`]: 'w3/xlink.xsd',
  [`${schemaSites.w3}2001/xml.xsd`]: 'w3/xml.xsd',
};

let compiled: XsdValidator | undefined;

/**
 * The official schemas of WPS 1.0.0 as one validator: requests, responses and exception reports.
 */
export function officialSchema(): XsdValidator {
  compiled ??= compile(`${schemaSites.ogc}wps/1.0.0/wpsAll.xsd`);
  return compiled;
}

/**
 * What the official schemas find wrong with a document; nothing when it is valid. Where the schemas
 * are missing, only whether it is well-formed is checked.
 *
 * @throws when it is not well-formed
 */
export function faultsOf(document: string | Uint8Array): string[] {
  const parsed =
    typeof document === 'string'
      ? XmlDocument.fromString(document)
      : XmlDocument.fromBuffer(document);
  try {
    if (officialSchemas.isMet()) officialSchema().validate(parsed);
    else leaveOut(officialSchemas);
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
    ...['wps/1.0.0', 'wps/1.0.0/common', 'ows/1.1.0'].flatMap((folder) =>
      readdirSync(join(schemasDir, folder))
        .filter((name) => name.endsWith('.xsd'))
        .map((name) => [`${schemaSites.ogc}${folder}/${name}`, `${folder}/${name}`] as const),
    ),
    ...Object.entries(w3),
  ];
  const contents = files.map(
    ([from, path]) => [from, readFileSync(join(schemasDir, path), 'utf8')] as const,
  );
  return compileSchema(Object.fromEntries(contents), url);
}
