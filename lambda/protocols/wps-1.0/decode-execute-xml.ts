import type { XmlElement } from 'libxml2-wasm';
import type {
  ExecuteInput,
  FormatChoice,
  InputData,
  OutputChoice,
} from '../../operations/execute-command.ts';
import { boundingBoxOf } from '../ows/decode-bounding-box.ts';
import { elementContent } from '../ows/element-content.ts';
import { namespaces } from '../ows/namespaces.ts';
import { attribute, childrenOf, elementsOf } from '../ows/xml-tree.ts';
import type { DocumentOutput, ExecuteRequest, ResponseForm } from './requests.ts';

const { wps, ows, xlink } = namespaces;

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
        content: { text: elementContent(data, identifierOf(element)).text },
      };
    case 'BoundingBoxData':
      return boundingBoxOf(data, ows);
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
    ...(body && { body: elementContent(body, identifier) }),
    ...optional('bodyReference', bodyReference && attribute(bodyReference, 'href', xlink)),
  };
}

/** The default is GET, but OWSLib omits the method of a reference with a body and means POST. */
function methodOf(element: XmlElement, body: XmlElement | undefined): 'GET' | 'POST' {
  const method = attribute(element, 'method') ?? (body ? 'POST' : 'GET');
  return method === 'POST' ? 'POST' : 'GET';
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

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
