import type { XmlElement } from 'libxml2-wasm';
import type {
  ExecuteInput,
  FormatChoice,
  InputData,
  OutputChoice,
} from '../../operations/execute-command.ts';
import { ServiceFault } from '../../service-fault.ts';
import { boundingBoxOf } from '../ows/decode-bounding-box.ts';
import { elementContent } from '../ows/element-content.ts';
import {
  attribute,
  childrenOf,
  elementsOf,
  requiredAttribute,
  textBelow,
} from '../ows/xml-tree.ts';
import { namespaces } from './namespaces.ts';
import type { ExecuteRequest } from './requests.ts';

const { wps, ows, xlink } = namespaces;

/** An Execute request from its validated document element (OGC 14-065r2, clause 9.6.2). */
export function decodeExecute(root: XmlElement): ExecuteRequest {
  return {
    operation: 'Execute',
    identifier: textBelow(root, ows, 'Identifier'),
    inputs: childrenOf(root, wps, 'Input').map(input),
    outputs: childrenOf(root, wps, 'Output').map(output),
    mode: oneOf(['sync', 'async', 'auto'], attribute(root, 'mode')),
    response: oneOf(['document', 'raw'], attribute(root, 'response')),
  };
}

/** The name that the schema has already checked to be one of these. */
function oneOf<T extends string>(names: readonly [T, ...T[]], found: string | undefined): T {
  return names.find((name) => name === found) ?? names[0];
}

function input(element: XmlElement): ExecuteInput {
  const identifier = identifierOf(element);
  const [data] = childrenOf(element, wps, 'Data');
  if (data) return { identifier, data: inputData(data, identifier) };
  const [reference] = childrenOf(element, wps, 'Reference');
  if (reference) return { identifier, data: referenceOf(reference, identifier) };
  throw nested('input', identifier);
}

/** The process description determines what characters mean; elements need no description. */
function inputData(data: XmlElement, identifier: string): InputData {
  const [child] = elementsOf(data);
  if (child?.namespaceUri === wps && child.name === 'LiteralValue') {
    return {
      kind: 'literal',
      value: child.content,
      ...optional('dataType', attribute(child, 'dataType')),
      ...optional('uom', attribute(child, 'uom')),
    };
  }
  const isBox = child?.name === 'BoundingBox' || child?.name === 'WGS84BoundingBox';
  if (child?.namespaceUri === ows && isBox) return boundingBoxOf(child, ows);
  const { text, mimeType } = elementContent(data, identifier);
  return mimeType === 'text/xml'
    ? { kind: 'complex', ...format(data), content: { text } }
    : { kind: 'untyped', ...format(data), value: text };
}

function referenceOf(element: XmlElement, identifier: string): InputData {
  const [body] = childrenOf(element, wps, 'Body');
  const [bodyReference] = childrenOf(element, wps, 'BodyReference');
  return {
    kind: 'reference',
    ...format(element),
    href: requiredAttribute(element, 'href', xlink),
    // A body can only be sent by POST (OGC 14-065r2, clause 7.4.2).
    method: body || bodyReference ? 'POST' : 'GET',
    headers: [],
    ...(body && { body: elementContent(body, identifier) }),
    ...(bodyReference && { bodyReference: requiredAttribute(bodyReference, 'href', xlink) }),
  };
}

function output(element: XmlElement): OutputChoice {
  const identifier = identifierOf(element);
  if (childrenOf(element, wps, 'Output').length > 0) throw nested('output', identifier);
  return {
    identifier,
    ...format(element),
    transmission: oneOf(['value', 'reference'], attribute(element, 'transmission')),
  };
}

/** No process that can be described here has nested inputs. */
function nested(what: 'input' | 'output', identifier: string): ServiceFault {
  const subject = what === 'input' ? 'Input' : 'Output';
  return new ServiceFault(
    what === 'input' ? 'invalid-value' : 'unknown-output',
    `${subject} "${identifier}" holds other ${what}s; allowed: ${what === 'input' ? 'wps:Data or wps:Reference' : 'none'}, for no process has nested ${what}s.`,
    { subject: identifier },
  );
}

function format(element: XmlElement): FormatChoice {
  return {
    ...optional('mimeType', attribute(element, 'mimeType')),
    ...optional('encoding', attribute(element, 'encoding')),
    ...optional('schema', attribute(element, 'schema')),
  };
}

function identifierOf(element: XmlElement): string {
  return requiredAttribute(element, 'id').trim();
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
