import { XmlCData, XmlDocument, XmlElement, XmlText } from 'libxml2-wasm';
import { namespaces as wps10 } from '../lambda/protocols/ows/namespaces.ts';
import { namespaces as wps20 } from '../lambda/protocols/wps-2.0/namespaces.ts';

const prefixes = new Map<string, string>(
  [wps10, wps20].flatMap((namespaces) =>
    Object.entries(namespaces).map(([prefix, uri]) => [uri, prefix] as const),
  ),
);

/**
 * Everything that a document says, in lines: each element with its attributes and its text, indented by its
 * depth. Prefixes stand for the namespaces of WPS, whatever the document calls them.
 *
 * - `ows:Operation name=Execute`
 * - `ows:Title: A title`
 */
export function outline(xml: string): string[] {
  const document = XmlDocument.fromString(xml);
  try {
    return lines(document.root, '');
  } finally {
    document.dispose();
  }
}

/** The lines of an outline, written with the indentation of the code around it. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  const indent = first.length - first.trimStart().length;
  return lines.map((line) => line.slice(indent));
}

function lines(element: XmlElement, indent: string): string[] {
  const attributes = element.attrs
    .map(({ namespaceUri, name, value }) => ` ${qualified(namespaceUri, name)}=${value}`)
    .sort();
  const children: XmlElement[] = [];
  let text = '';
  for (let child = element.firstChild; child; child = child.next) {
    if (child instanceof XmlElement) children.push(child);
    else if (child instanceof XmlText || child instanceof XmlCData) text += child.content;
  }
  const said = text.trim() === '' ? '' : `: ${text.trim()}`;
  const name = qualified(element.namespaceUri, element.name);
  return [
    `${indent}${name}${attributes.join('')}${said}`,
    ...children.flatMap((child) => lines(child, `${indent}  `)),
  ];
}

function qualified(namespace: string, name: string): string {
  if (namespace === '') return name;
  return `${prefixes.get(namespace) ?? `{${namespace}}`}:${name}`;
}
