import { type XmlElement, XmlText } from 'libxml2-wasm';
import type { XmlOrText } from '../../batch-jobs/api/job.ts';
import { namespaces } from './namespaces.ts';
import { OwsException } from './ows-exception.ts';
import type {
  DocumentOutput,
  ExecuteInput,
  ExecuteRequest,
  FormatChoice,
  InputData,
  OutputChoice,
  ResponseForm,
} from './requests.ts';
import { attribute, childrenOf, elementsOf } from './xml-tree.ts';

const { wps, ows, xlink } = namespaces;

/** An Execute request from its validated document element (OGC 05-007r7, table 46). */
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
  if (reference) return referenceOf(reference);
  const [data] = childrenOf(element, wps, 'Data').flatMap(elementsOf);
  switch (data?.name) {
    case 'ComplexData':
      return { kind: 'complex', ...format(data), content: contentOf(data) };
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

function referenceOf(element: XmlElement): InputData {
  const [body] = childrenOf(element, wps, 'Body');
  const [bodyReference] = childrenOf(element, wps, 'BodyReference');
  return {
    kind: 'reference',
    ...format(element),
    href: attribute(element, 'href', xlink) ?? '',
    method: attribute(element, 'method') === 'POST' ? 'POST' : 'GET',
    headers: childrenOf(element, wps, 'Header').map((header) => ({
      key: attribute(header, 'key') ?? '',
      value: attribute(header, 'value') ?? '',
    })),
    ...(body && { body: contentOf(body) }),
    ...optional('bodyReference', bodyReference && attribute(bodyReference, 'href', xlink)),
  };
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

/** Characters as they are; one element with the namespaces it stands in. */
function contentOf(element: XmlElement): XmlOrText {
  const [child, ...more] = elementsOf(element);
  if (!child) return { text: element.content };
  if (more.length > 0 || hasText(element)) {
    throw new OwsException(
      'InvalidParameterValue',
      `${element.name} holds ${more.length > 0 ? `${more.length + 1} elements` : 'an element and text'}; allowed: one element, or text.`,
      { locator: element.name },
    );
  }
  for (const [prefix, uri] of Object.entries(child.namespaces)) {
    if (child.nsDeclarations[prefix] === undefined) child.addNsDeclaration(uri, prefix);
  }
  return { xml: child.toString({ format: false }) };
}

function hasText(element: XmlElement): boolean {
  for (let child = element.firstChild; child; child = child.next) {
    if (child instanceof XmlText && child.content.trim() !== '') return true;
  }
  return false;
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
