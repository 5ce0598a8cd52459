import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';
import { compileSchema } from '../lambda/protocols/ows/compile-schema.ts';
import { schemaSites } from './fetch-schemas.ts';
import { leaveOut } from './left-out.ts';
import { officialSchemas, officialSchemas20, schemasDir } from './official-schema-files.ts';

/** The entry schema of each version of WPS, and the location of the W3C files that it imports. */
const versions = {
  '1.0.0': {
    entry: `${schemaSites.ogc}wps/1.0.0/wpsAll.xsd`,
    folders: ['wps/1.0.0', 'wps/1.0.0/common', 'ows/1.1.0'],
  },
  '2.0.0': {
    entry: `${schemaSites.ogc}wps/2.0/wps.xsd`,
    folders: ['wps/2.0', 'ows/2.0'],
  },
} as const;
export type WpsVersion = keyof typeof versions;

const w3 = {
  [`${schemaSites.w3}1999/xlink.xsd`]: 'w3/xlink.xsd',
  [`${schemaSites.w3}2001/xml.xsd`]: 'w3/xml.xsd',
  [`${schemaSites.w3}2001/XMLSchema.xsd`]: 'w3/XMLSchema-occurs.xsd',
};

const compiled = new Map<WpsVersion, XsdValidator>();

/** The official schemas of a version of WPS as one validator of requests, responses and exception reports. */
export function officialSchema(version: WpsVersion = '1.0.0'): XsdValidator {
  const found = compiled.get(version) ?? compile(version);
  compiled.set(version, found);
  return found;
}

/**
 * Faults that the official schemas find in a document; empty when it is valid. Without the schemas, checks
 * only that the document is well-formed.
 *
 * @throws when the document is not well-formed
 */
export function faultsOf(document: string | Uint8Array): string[] {
  const parsed =
    typeof document === 'string'
      ? XmlDocument.fromString(document)
      : XmlDocument.fromBuffer(document);
  try {
    const version = versionOf(parsed);
    const need = version === '2.0.0' ? officialSchemas20 : officialSchemas;
    if (need.isMet()) officialSchema(version).validate(parsed);
    else leaveOut(need);
    return [];
  } catch (error) {
    if (error instanceof XmlValidateError) return error.details.map((detail) => detail.message);
    throw error;
  } finally {
    parsed.dispose();
  }
}

function versionOf({ root }: XmlDocument): WpsVersion {
  return /\/2\.0$/.test(root.namespaceUri) ? '2.0.0' : '1.0.0';
}

function compile(version: WpsVersion): XsdValidator {
  const { entry, folders } = versions[version];
  const files = [
    ...folders.flatMap((folder) =>
      readdirSync(join(schemasDir, folder))
        .filter((name) => name.endsWith('.xsd'))
        .map((name) => [`${schemaSites.ogc}${folder}/${name}`, `${folder}/${name}`] as const),
    ),
    ...Object.entries(w3).filter(([, path]) => existsSync(join(schemasDir, path))),
  ];
  const contents = files.map(
    ([from, path]) => [from, readFileSync(join(schemasDir, path), 'utf8')] as const,
  );
  return compileSchema(Object.fromEntries(contents), entry);
}
