import { XMLBuilder } from 'fast-xml-parser';
import { type Namespaces, namespaces } from './namespaces.ts';
import { asXmlText } from './xml-characters.ts';

/**
 * An element for `fast-xml-parser` to build: `@name` is an attribute, `#text` its text, any other key a
 * child, and a list a repeated child. Undefined values are left out. The order of the keys is the order in
 * the document.
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
   * @param name name of the document element, with the prefix of its namespace
   * @param schema the schema that validates the document, a file below `http://schemas.opengis.net/`
   */
  document(name: 'wps' | 'ows', local: string, schema: string, root: XmlElement): string;
  /** An element without a declaration, ready to be inserted into another. */
  fragment(root: XmlElement): string;
}

/** @param raw elements whose text is inserted unescaped, because it may be XML: see {@link complexData} */
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
      // A reader would receive a bare carriage return as a line feed (XML 1.0, clause 2.11).
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
 * @param content `xml` is inserted as elements and must be well-formed; `text` is inserted as characters
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

/** Splits and joins: where a text consists of such characters, `replaceAll` takes four times as long. */
function escaped(text: string): string {
  const ampersands = text.split('&').join('&amp;');
  return ampersands.split('<').join('&lt;').split('>').join('&gt;');
}
