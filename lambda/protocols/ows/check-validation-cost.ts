import { type XmlDocument, XmlElement, type XmlNode } from 'libxml2-wasm';
import type { Namespaces } from './namespaces.ts';
import { OwsException } from './ows-exception.ts';

/**
 * For each fault that the validator finds it tells where, and for that counts the siblings of the node
 * and of all above it. So many of them take a second or so.
 */
const maximumCost = 100_000_000;

/** Documents of more nodes are not walked through, which alone would take too long. */
const maximumWalk = 200_000;

/**
 * Refuses what would take the validator too long, were all wrong with it that can be.
 *
 * @throws {OwsException} when the document has too many nodes that can be at fault beside too many others
 */
export function checkValidationCost(document: XmlDocument, namespaces: Namespaces): void {
  const nodes = numberOf(document, 'count(//node()) + count(//@*)', namespaces);
  if (nodes * numberOf(document, canBeAtFault, namespaces) <= maximumCost) return;
  if (nodes <= maximumWalk && costOf(document.root, 1, namespaces) <= maximumCost) return;
  throw new OwsException(
    'FileSizeExceeded',
    `The request has ${nodes} nodes, and too many of them are declared by the schemas of WPS to be checked. Large data can be given as text (CDATA) or by reference.`,
    { httpStatus: 413 },
  );
}

/**
 * What the schema declares, wherever it stands, for it may be at fault within complex data, too; there,
 * of other elements, attributes of XLink and XML.
 */
const declared = '*[self::wps:* or self::ows:* or @xsi:type]';
const canBeAtFault = `count(//${declared}) + count(//${declared}/@*) + count(//@xlink:*) + count(//@xml:*)`;

function numberOf(
  document: XmlDocument,
  xpath: string,
  { wps, ows, xlink, xsi }: Namespaces,
): number {
  return Number(document.root.eval(xpath, { wps, ows, xlink, xsi }));
}

/** @param counted how many nodes are counted to tell where the element is */
function costOf(element: XmlElement, counted: number, namespaces: Namespaces): number {
  const { attrs } = element;
  const children = [...childrenOf(element)];
  let cost = faultsOf(element, attrs, namespaces) * (counted + attrs.length);
  for (const child of children) {
    if (child instanceof XmlElement) cost += costOf(child, counted + children.length, namespaces);
  }
  return cost;
}

function faultsOf(
  { namespaceUri }: XmlElement,
  attrs: XmlElement['attrs'],
  { wps, ows, xlink, xsi, xml }: Namespaces,
): number {
  const isDeclared =
    namespaceUri === wps ||
    namespaceUri === ows ||
    attrs.some((attribute) => attribute.namespaceUri === xsi && attribute.name === 'type');
  if (isDeclared) return 1 + attrs.length;
  return attrs.filter(({ namespaceUri: uri }) => uri === xlink || uri === xml).length;
}

function* childrenOf(element: XmlElement): Generator<XmlNode> {
  for (let child = element.firstChild; child; child = child.next) yield child;
}
