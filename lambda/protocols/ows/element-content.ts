import { XmlCData, type XmlElement, XmlText } from 'libxml2-wasm';
import { OwsException } from './ows-exception.ts';
import { elementsOf, nodesIn } from './xml-tree.ts';

/**
 * The most characters of namespace declarations that are copied from the ancestors into complex data. Each
 * such input gets a copy: without a limit, a request could grow a thousandfold.
 */
const maximumDeclarations = 4096;

/**
 * Content of complex data: one element with the namespaces in scope, or the characters as they are. White
 * space around a CDATA section is layout. The media type says whether it is an element or characters.
 *
 * @param identifier of the input, for the exception
 */
export function elementContent(
  element: XmlElement,
  identifier: string,
): { readonly text: string; readonly mimeType: string } {
  const [child, ...more] = elementsOf(element);
  if (!child) {
    const [section, ...others] = textsOf(element).filter(isNoLayout);
    const isOneSection = section instanceof XmlCData && others.length === 0;
    return { text: isOneSection ? section.content : element.content, mimeType: 'text/plain' };
  }
  if (more.length > 0 || textsOf(element).some(isNoLayout)) {
    throw new OwsException(
      'InvalidParameterValue',
      `Input "${identifier}" holds ${more.length > 0 ? `${more.length + 1} elements` : 'an element and text'}; allowed: one element, or text.`,
      { locator: identifier },
    );
  }
  declareNamespaces(child, identifier);
  // Without options, the library would add layout.
  return { text: child.toString({}), mimeType: 'text/xml' };
}

/**
 * Declares on the element itself what its ancestors declare. The library's own list of the namespaces in
 * scope takes time that grows with the square of their number, and a request with thousands of them is an
 * attack.
 */
function declareNamespaces(element: XmlElement, identifier: string): void {
  const own = element.nsDeclarations;
  const inherited: Record<string, string> = {};
  for (let above = element.parent; above; above = above.parent) {
    for (const [prefix, uri] of Object.entries(above.nsDeclarations)) inherited[prefix] ??= uri;
  }
  const missing = Object.entries(inherited).filter(([prefix]) => own[prefix] === undefined);
  if (missing.flat().join('').length > maximumDeclarations) {
    throw new OwsException(
      'InvalidParameterValue',
      `Around the data of input "${identifier}" stand more declarations of namespaces than ${maximumDeclarations} characters; allowed: declarations within the data.`,
      { locator: identifier },
    );
  }
  for (const [prefix, uri] of missing) element.addNsDeclaration(uri, prefix);
}

function textsOf(element: XmlElement): (XmlText | XmlCData)[] {
  return nodesIn(element).filter((node) => node instanceof XmlText || node instanceof XmlCData);
}

function isNoLayout(text: XmlText | XmlCData): boolean {
  return text.content.trim() !== '';
}
