import { XMLBuilder } from 'fast-xml-parser';
import { type Namespaces, namespaces } from './namespaces.ts';
import { asXmlText } from './xml-characters.ts';

/**
 * An element as `fast-xml-parser` builds it: `@name` is an attribute, `#text` its text, any other key
 * a child, a list a child that repeats. What is undefined is left out. Keys come out in their order.
 */
export interface XmlElement {
  readonly [name: string]:
    | string
    | number
    | undefined
    | XmlElement
    | readonly (string | XmlElement)[];
}

/** Writes documents of one version of WPS. */
export interface DocumentWriter {
  /**
   * @param name of the document element, with the prefix of its namespace
   * @param schema that validates it, a file below `http://schemas.opengis.net/`
   */
  document(name: 'wps' | 'ows', local: string, schema: string, root: XmlElement): string;
  /** An element without a declaration, to be put into another as it is. */
  fragment(root: XmlElement): string;
}

/**
 * @param raw elements whose text is put in as it is, because it may be XML: see {@link complexData}
 */
export function documentWriter(namespaces: Namespaces, raw: readonly string[]): DocumentWriter {
  const options = {
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    suppressBooleanAttributes: false,
    suppressEmptyNode: true,
    format: true,
  };
  const builder = new XMLBuilder({ ...options, stopNodes: raw.map((name) => `..${name}`) });
  return {
    document(name, local, schema, root) {
      const document = builder.build({
        '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
        [`${name}:${local}`]: {
          '@xmlns:wps': name === 'wps' ? namespaces.wps : undefined,
          '@xmlns:ows': namespaces.ows,
          '@xmlns:xlink': namespaces.xlink,
          '@xmlns:xsi': namespaces.xsi,
          '@xsi:schemaLocation': `${namespaces[name]} http://schemas.opengis.net/${schema}`,
          ...root,
        },
      });
      // A bare carriage return would reach the reader as a line feed (XML 1.0, clause 2.11).
      return asXmlText(document).replaceAll('\r', '&#13;');
    },
    fragment: (root) => builder.build(root).trim(),
  };
}

const writer = documentWriter(namespaces, ['wps:ComplexData', 'wps:Body']);

/** Writes a document of WPS 1.0.0; the parameters are those of {@link DocumentWriter.document}. */
export const buildXml = writer.document;

/**
 * Content of `wps:ComplexData` (or of `wps:Body`, which has no attributes).
 *
 * @param content `xml` goes in as elements and must be well-formed; `text` as characters
 */
export function complexData(
  format: { readonly mimeType?: string; readonly encoding?: string; readonly schema?: string },
  content: { readonly xml: string } | { readonly text: string },
): XmlElement {
  const { mimeType, encoding, schema } = format;
  return {
    ...(mimeType === undefined ? {} : { '@mimeType': escaped(mimeType) }),
    ...(encoding === undefined ? {} : { '@encoding': escaped(encoding) }),
    ...(schema === undefined ? {} : { '@schema': escaped(schema) }),
    '#text': 'xml' in content ? content.xml : escaped(content.text),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
