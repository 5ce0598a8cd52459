import { XmlCData, type XmlElement, XmlText } from 'libxml2-wasm';
import type {
  ExecuteInput,
  FormatChoice,
  InputData,
  OutputChoice,
} from '../../operations/execute-command.ts';
import { namespaces } from '../ows/namespaces.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { attribute, childrenOf, elementsOf } from '../ows/xml-tree.ts';
import type { DocumentOutput, ExecuteRequest, ResponseForm } from './requests.ts';

const { wps, ows, xlink } = namespaces;

/**
 * Longest declarations of namespaces around complex data that are copied into it, in characters.
 * They are copied into each such input: without a bound a request could grow a thousandfold.
 */
const maximumDeclarations = 4096;

/** An Execute request from its validated document element (OGC 05-007r7, table 39). */
export function decodeExecute(root: XmlElement, language: { language?: string }): ExecuteRequest {
  const [dataInputs] = childrenOf(root, wps, 'DataInputs');
  const [form] = childrenOf(root, wps, 'ResponseForm');
  return {
    operation: 'Execute',
    identifier: identifierOf(root),
    inputs: dataInputs ? childrenOf(dataInputs, wps, 'Input').map(input) : [],
    responseForm: responseForm(form),
    ...language,
  };
}

function input(element: XmlElement): ExecuteInput {
  return {
    identifier: identifierOf(element),
    ...optional('title', childrenOf(element, ows, 'Title')[0]?.content),
    ...optional('abstract', childrenOf(element, ows, 'Abstract')[0]?.content),
    data: inputData(element),
  };
}

function inputData(element: XmlElement): InputData {
  const [reference] = childrenOf(element, wps, 'Reference');
  if (reference) return referenceOf(reference, identifierOf(element));
  const [data] = childrenOf(element, wps, 'Data').flatMap(elementsOf);
  switch (data?.name) {
    case 'ComplexData':
      return {
        kind: 'complex',
        ...format(data),
        content: { text: contentOf(data, identifierOf(element)).text },
      };
    case 'BoundingBoxData':
      return boundingBox(data);
    default:
      return {
        kind: 'literal',
        value: data?.content ?? '',
        ...optional('dataType', data && attribute(data, 'dataType')),
        ...optional('uom', data && attribute(data, 'uom')),
      };
  }
}

function referenceOf(element: XmlElement, identifier: string): InputData {
  const [body] = childrenOf(element, wps, 'Body');
  const [bodyReference] = childrenOf(element, wps, 'BodyReference');
  return {
    kind: 'reference',
    ...format(element),
    href: attribute(element, 'href', xlink) ?? '',
    method: methodOf(element, body ?? bodyReference),
    headers: childrenOf(element, wps, 'Header').map((header) => ({
      key: attribute(header, 'key') ?? '',
      value: attribute(header, 'value') ?? '',
    })),
    ...(body && { body: contentOf(body, identifier) }),
    ...optional('bodyReference', bodyReference && attribute(bodyReference, 'href', xlink)),
  };
}

/** The default is GET; but OWSLib leaves the method of a reference out that has a body, and means POST. */
function methodOf(element: XmlElement, body: XmlElement | undefined): 'GET' | 'POST' {
  const method = attribute(element, 'method') ?? (body ? 'POST' : 'GET');
  return method === 'POST' ? 'POST' : 'GET';
}

function boundingBox(element: XmlElement): InputData {
  const dimensions = attribute(element, 'dimensions');
  return {
    kind: 'bounding-box',
    ...optional('crs', attribute(element, 'crs')),
    ...(dimensions === undefined ? {} : { dimensions: Number(dimensions) }),
    lower: position(element, 'LowerCorner'),
    upper: position(element, 'UpperCorner'),
  };
}

function position(element: XmlElement, corner: string): number[] {
  const text = childrenOf(element, ows, corner)[0]?.content ?? '';
  return text
    .split(/\s+/)
    .filter((part) => part !== '')
    .map(Number);
}

function responseForm(form: XmlElement | undefined): ResponseForm {
  const [raw] = form ? childrenOf(form, wps, 'RawDataOutput') : [];
  if (raw) return { kind: 'raw', output: outputChoice(raw) };
  const [document] = form ? childrenOf(form, wps, 'ResponseDocument') : [];
  return {
    kind: 'document',
    outputs: document ? childrenOf(document, wps, 'Output').map(documentOutput) : [],
    storeExecuteResponse: flag(document, 'storeExecuteResponse'),
    status: flag(document, 'status'),
    lineage: flag(document, 'lineage'),
  };
}

function documentOutput(element: XmlElement): DocumentOutput {
  return {
    ...outputChoice(element),
    ...optional('title', childrenOf(element, ows, 'Title')[0]?.content),
    ...optional('abstract', childrenOf(element, ows, 'Abstract')[0]?.content),
    asReference: flag(element, 'asReference'),
  };
}

function outputChoice(element: XmlElement): OutputChoice {
  return {
    identifier: identifierOf(element),
    ...format(element),
    ...optional('uom', attribute(element, 'uom')),
  };
}

function format(element: XmlElement): FormatChoice {
  return {
    ...optional('mimeType', attribute(element, 'mimeType')),
    ...optional('encoding', attribute(element, 'encoding')),
    ...optional('schema', attribute(element, 'schema')),
  };
}

/** White space around an identifier is layout. */
function identifierOf(element: XmlElement): string {
  return childrenOf(element, ows, 'Identifier')[0]?.content.trim() ?? '';
}

function flag(element: XmlElement | undefined, name: string): boolean {
  return /^\s*(true|1)\s*$/.test((element && attribute(element, name)) ?? '');
}

/**
 * Content of complex data: one element with the namespaces it stands in, or characters as they are.
 * White space around a CDATA section is layout. The media type tells which of both it is.
 *
 * @param identifier of the input, for the exception
 */
function contentOf(element: XmlElement, identifier: string): { text: string; mimeType: string } {
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
  return { text: child.toString({ format: false }), mimeType: 'text/xml' };
}

/**
 * Declares on the element itself what its ancestors declare. The library's own list of the
 * namespaces in scope takes time with their number squared, and who sends thousands means harm.
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
  const texts: (XmlText | XmlCData)[] = [];
  for (let child = element.firstChild; child; child = child.next) {
    if (child instanceof XmlText || child instanceof XmlCData) texts.push(child);
  }
  return texts;
}

function isNoLayout(text: XmlText | XmlCData): boolean {
  return text.content.trim() !== '';
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
