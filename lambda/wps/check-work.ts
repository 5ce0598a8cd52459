import type { XmlDocument } from 'libxml2-wasm';
import { namespaces } from './namespaces.ts';
import { OwsException } from './ows-exception.ts';

/**
 * For each fault that the validator finds it tells where, and counts the siblings before it: the time
 * that takes grows with the number of faults times the number of nodes. A second or so at most.
 */
const maximumWork = 100_000_000;

/** What the schema declares, wherever it stands: it may be at fault within complex data, too. */
const declared = '*[self::wps:* or self::ows:* or @xsi:type]';
const nodes = 'count(//node()) + count(//@*)';
const canBeAtFault = `count(//${declared}) + count(//${declared}/@*) + count(//@xlink:*) + count(//@xml:*)`;

/**
 * Refuses what would take the validator too long.
 *
 * @throws {OwsException} when the document has too many nodes, and too many that can be at fault
 */
export function checkWork(document: XmlDocument): void {
  const all = numberOf(document, nodes);
  const faults = numberOf(document, canBeAtFault);
  if (all * faults <= maximumWork) return;
  throw new OwsException(
    'FileSizeExceeded',
    `The request has ${all} nodes, of which ${faults} are declared by the schemas of WPS; allowed: up to ${maximumWork} as their product. Large data can be given as text (CDATA) or by reference.`,
    { httpStatus: 413 },
  );
}

function numberOf(document: XmlDocument, xpath: string): number {
  const { wps, ows, xlink, xsi } = namespaces;
  return Number(document.root.eval(xpath, { wps, ows, xlink, xsi }));
}
