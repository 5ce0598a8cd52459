import { type XmlDocument, XmlElement } from 'libxml2-wasm';
import type { Namespaces } from './namespaces.ts';
import { OwsException } from './ows-exception.ts';
import { elementsOf } from './xml-tree.ts';

interface Detail {
  readonly message: string;
  readonly line: number;
}

/** Elements that are mandatory wherever they are allowed. */
const mandatory = new Set<string | undefined>([
  ...['Identifier', 'Output', 'Version', 'Language', 'LowerCorner', 'UpperCorner', 'JobID'],
]);

/** Limits the search for elements of one name: a hostile request can have a hundred thousand. */
const mostLookedAt = 1000;

/**
 * The first fault that the schema validator found, as an exception that names the element or attribute at
 * fault.
 */
export function schemaFault(
  details: readonly Detail[],
  namespaces: Namespaces,
  document: XmlDocument,
): OwsException {
  const [{ message, line } = { message: 'The request is not valid.', line: 1 }] = details;
  const readable = withPrefixes(message.trim(), namespaces);
  const element = nameIn(/Element '([^']+)'/, readable);
  const missing =
    nameIn(/attribute '([^']+)' is required but missing/, readable) ??
    missingElement(readable, element, line, document);
  const isIncomplete = missing !== undefined || /Missing child element\(s\)/.test(readable);
  return new OwsException(
    isIncomplete ? 'MissingParameterValue' : 'InvalidParameterValue',
    `The request is not valid at line ${line}: ${readable}`,
    { locator: missing ?? nameIn(/attribute '([^']+)'/, readable) ?? element },
  );
}

function nameIn(pattern: RegExp, message: string): string | undefined {
  const [, name] = pattern.exec(message) ?? [];
  return name && localName(name);
}

/**
 * The missing element. In a sequence, that is the last element that the validator expects: those before it
 * are optional. An element that occurs elsewhere in the same parent is not missing.
 */
function missingElement(
  message: string,
  element: string | undefined,
  line: number,
  document: XmlDocument,
): string | undefined {
  const [, list] = /Expected is (?:one of )?\( ([^)]*) \)/.exec(message) ?? [];
  const expected = list?.split(', ').map(localName) ?? [];
  const last = expected.at(-1);
  if (/Missing child element\(s\)/.test(message)) {
    return expected.length === 1 || mandatory.has(last) ? last : undefined;
  }
  if (!mandatory.has(last)) return undefined;
  const parent = parentOf(element, line, document);
  // Inside an output, another output is neither mandatory nor offered.
  if (!parent || parent.name === last) return undefined;
  return elementsOf(parent).some((sibling) => sibling.name === last) ? undefined : last;
}

function parentOf(
  name: string | undefined,
  line: number,
  document: XmlDocument,
): XmlElement | undefined {
  const found = document
    .find(`(//*[local-name() = '${name}'])[position() <= ${mostLookedAt}]`)
    .find((node) => node instanceof XmlElement && node.line === line);
  return found?.parent ?? undefined;
}

function localName(name: string): string {
  return name.replace(/.*[:}]/, '');
}

/** Replaces `{http://www.opengis.net/wps/1.0.0}Input` with the usual notation, `wps:Input`. */
function withPrefixes(message: string, namespaces: Namespaces): string {
  return Object.entries(namespaces).reduce(
    (text, [prefix, uri]) => text.replaceAll(`{${uri}}`, `${prefix}:`),
    message,
  );
}
