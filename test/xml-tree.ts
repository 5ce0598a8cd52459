/** XML documents as modifiable trees. */
export interface Element {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly children: readonly Node[];
}
export interface Attribute {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}
/** A string is text. `raw` is inserted unescaped (a comment, an instruction, CDATA). */
export type Node = Element | string | { readonly raw: string };

export const wps = 'http://www.opengis.net/wps/1.0.0';
export const ows = 'http://www.opengis.net/ows/1.1';
export const xlink = 'http://www.w3.org/1999/xlink';
export const xml = 'http://www.w3.org/XML/1998/namespace';
export const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
export const foreign = 'urn:foreign';

const prefixes: Readonly<Record<string, string>> = {
  [wps]: 'wps',
  [ows]: 'ows',
  [xlink]: 'xlink',
  [xsi]: 'xsi',
  [foreign]: 'f',
  'http://www.w3.org/2001/XMLSchema': 'xs',
};

/** The document of a root element, which declares every prefix. */
export function serialise(root: Element): string {
  const declarations = Object.entries(prefixes).map(([uri, prefix]) => `xmlns:${prefix}="${uri}"`);
  return markup(root, ` ${declarations.join(' ')}`);
}

function markup({ namespace, name, attributes, children }: Element, declarations = ''): string {
  const qname = qualified(namespace, name);
  const attributesText = attributes
    .map(
      (attribute) =>
        ` ${qualified(attribute.namespace, attribute.name)}="${escaped(attribute.value)}"`,
    )
    .join('');
  const content = children
    .map((child) => {
      if (typeof child === 'string') return escaped(child);
      return 'raw' in child ? child.raw : markup(child);
    })
    .join('');
  return `<${qname}${declarations}${attributesText}>${content}</${qname}>`;
}

function qualified(namespace: string, name: string): string {
  if (namespace === '') return name;
  return `${namespace === xml ? 'xml' : prefixes[namespace]}:${name}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}

export function element(
  namespace: string,
  name: string,
  attributes: readonly Attribute[],
  children: readonly Node[],
): Element {
  return { namespace, name, attributes, children };
}

/** The first attribute of each name. A document that repeats an attribute is not well-formed. */
export function withoutRepetition(attributes: readonly Attribute[]): Attribute[] {
  return attributes.filter(
    ({ namespace, name }, index) =>
      attributes.findIndex((other) => other.namespace === namespace && other.name === name) ===
      index,
  );
}
