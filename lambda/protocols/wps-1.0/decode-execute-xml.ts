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
import {
  attributeLookup,
  childLookup,
  childrenOf,
  elementsOf,
  firstOf,
  requiredAttribute,
} from '../ows/xml-tree.ts';
import type { DocumentOutput, ExecuteRequest, ResponseForm } from './requests.ts';

const { wps, ows, xlink } = namespaces;

type Children = ReturnType<typeof childLookup>;
type Attributes = ReturnType<typeof attributeLookup>;

/** An Execute request from its validated document element (OGC 05-007r7, table 39). */
export function decodeExecute(root: XmlElement, language: { language?: string }): ExecuteRequest {
  const children = childLookup(root);
  const [dataInputs] = children(wps, 'DataInputs');
  const [form] = children(wps, 'ResponseForm');
  return {
    operation: 'Execute',
    identifier: identifierOf(children),
    inputs: dataInputs ? childrenOf(dataInputs, wps, 'Input').map(input) : [],
    responseForm: responseForm(form),
    ...language,
  };
}

function input(element: XmlElement): ExecuteInput {
  const children = childLookup(element);
  return {
    identifier: identifierOf(children),
    ...optional('title', children(ows, 'Title')[0]?.content),
    ...optional('abstract', children(ows, 'Abstract')[0]?.content),
    data: inputData(children),
  };
}

function inputData(children: Children): InputData {
  const [reference] = children(wps, 'Reference');
  if (reference) return referenceOf(reference, identifierOf(children));
  const data = firstOf(children(wps, 'Data').flatMap(elementsOf));
  switch (data.name) {
    case 'ComplexData':
      return {
        kind: 'complex',
        ...format(attributeLookup(data)),
        content: { text: elementContent(data, identifierOf(children)).text },
      };
    case 'BoundingBoxData':
      return boundingBoxOf(data, ows);
    default: {
      const attributes = attributeLookup(data);
      return {
        kind: 'literal',
        value: data.content,
        ...optional('dataType', attributes('dataType')),
        ...optional('uom', attributes('uom')),
      };
    }
  }
}

function referenceOf(element: XmlElement, identifier: string): InputData {
  const children = childLookup(element);
  const attributes = attributeLookup(element);
  const [body] = children(wps, 'Body');
  const [bodyReference] = children(wps, 'BodyReference');
  return {
    kind: 'reference',
    ...format(attributes),
    href: requiredAttribute(element, 'href', xlink),
    method: methodOf(attributes, body ?? bodyReference),
    headers: children(wps, 'Header').map((header) => ({
      key: requiredAttribute(header, 'key'),
      value: requiredAttribute(header, 'value'),
    })),
    ...(body && { body: elementContent(body, identifier) }),
    ...(bodyReference && { bodyReference: requiredAttribute(bodyReference, 'href', xlink) }),
  };
}

/** The default is GET, but OWSLib omits the method of a reference with a body and means POST. */
function methodOf(attributes: Attributes, body: XmlElement | undefined): 'GET' | 'POST' {
  const method = attributes('method');
  return method === 'POST' || (method === undefined && body) ? 'POST' : 'GET';
}

function responseForm(form: XmlElement | undefined): ResponseForm {
  const children = form && childLookup(form);
  const [raw] = children?.(wps, 'RawDataOutput') ?? [];
  if (raw) {
    return { kind: 'raw', output: outputChoice(childLookup(raw), attributeLookup(raw)) };
  }
  const [document] = children?.(wps, 'ResponseDocument') ?? [];
  const attributes = document && attributeLookup(document);
  return {
    kind: 'document',
    outputs: document ? childrenOf(document, wps, 'Output').map(documentOutput) : [],
    storeExecuteResponse: isTrue(attributes?.('storeExecuteResponse')),
    status: isTrue(attributes?.('status')),
    lineage: isTrue(attributes?.('lineage')),
  };
}

function documentOutput(element: XmlElement): DocumentOutput {
  const children = childLookup(element);
  const attributes = attributeLookup(element);
  return {
    ...outputChoice(children, attributes),
    ...optional('title', children(ows, 'Title')[0]?.content),
    ...optional('abstract', children(ows, 'Abstract')[0]?.content),
    asReference: isTrue(attributes('asReference')),
  };
}

function outputChoice(children: Children, attributes: Attributes): OutputChoice {
  return {
    identifier: identifierOf(children),
    ...format(attributes),
    ...optional('uom', attributes('uom')),
  };
}

function format(attributes: Attributes): FormatChoice {
  return {
    ...optional('mimeType', attributes('mimeType')),
    ...optional('encoding', attributes('encoding')),
    ...optional('schema', attributes('schema')),
  };
}

/** White space around an identifier is layout. */
function identifierOf(children: Children): string {
  return firstOf(children(ows, 'Identifier')).content.trim();
}

function isTrue(value: string | undefined): boolean {
  return /^\s*(true|1)\s*$/.test(value ?? '');
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
