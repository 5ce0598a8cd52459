import fc from 'fast-check';
import { XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';
import { compileSchema } from '../../../lambda/protocols/ows/compile-schema.ts';
import { requestSchema } from '../../../lambda/protocols/wps-1.0/request-schema.ts';
import { type Mutation, mutate, mutation, values } from '../../mutate-document.ts';
import { officialSchema } from '../../official-schemas.ts';
import { laxValues, requestWithData, validRequest } from '../../request-documents.ts';
import { type Element, element, foreign, ows, serialise } from '../../xml-tree.ts';

export const ours = compileSchema(requestSchema, 'wps.xsd');

export function isValid(document: XmlDocument, schema: XsdValidator): boolean {
  try {
    schema.validate(document);
    return true;
  } catch (error) {
    if (error instanceof XmlValidateError) return false;
    throw error;
  }
}

/** Whether our schema and the official ones accept a document. */
export function verdicts(xml: string): { ours: boolean; official: boolean } {
  const document = XmlDocument.fromString(xml);
  try {
    return { ours: isValid(document, ours), official: isValid(document, officialSchema()) };
  } finally {
    document.dispose();
  }
}

/**
 * Requests that mostly have a fault somewhere. Most faults are in attributes, because there are more of
 * these.
 */
const nearlyValid = fc
  .oneof(
    changed(fc.array(mutation(), { minLength: 1, maxLength: 3 })),
    changed(fc.tuple(mutation('set an attribute', 'drop an attribute'))),
  )
  .filter((request) => !holdsServiceMetadata(request));

/** Requests with data in which every attribute that a schema knows has every value. */
const withKnownAttributes = values.flatMap((value) => [
  ...laxValues.map(([namespace, name]) =>
    element(foreign, 'data', [{ namespace, name, value }], []),
  ),
  ...['crs', 'dimensions'].map((name) =>
    element(
      ows,
      'WGS84BoundingBox',
      [{ namespace: '', name, value }],
      ['LowerCorner', 'UpperCorner'].map((corner) => element(ows, corner, [], ['1 2'])),
    ),
  ),
]);

/** A request with one attribute changed, for each attribute and each of some values. */
function withEachAttributeWrong(root: Element): Element[] {
  const own = root.attributes.flatMap((attribute, at) =>
    ['', 'http://[', 'maybe', '-1', 'text', 'a:b'].map((value) => ({
      ...root,
      attributes: root.attributes.with(at, { ...attribute, value }),
    })),
  );
  const below = root.children.flatMap((child, at) =>
    typeof child === 'object' && 'children' in child
      ? withEachAttributeWrong(child).map((wrong) => ({
          ...root,
          children: root.children.with(at, wrong),
        }))
      : [],
  );
  return [...own, ...below].filter((request) => !holdsServiceMetadata(request));
}

function changed(mutations: fc.Arbitrary<readonly Mutation[]>): fc.Arbitrary<Element> {
  return fc
    .tuple(validRequest, mutations)
    .map(([request, changes]) => changes.reduce((root, change) => mutate(root, change), request));
}

/**
 * Elements of OWS Common that no request contains. The conformance suite tests how the service treats them.
 */
function holdsServiceMetadata({ namespace, name, children }: Element): boolean {
  if (namespace === ows && ['GetCapabilities', 'Reference'].includes(name)) return true;
  return children.some(
    (child) => typeof child === 'object' && 'children' in child && holdsServiceMetadata(child),
  );
}

/**
 * Documents to judge, always the same ones: this many requests with random faults, and others with each
 * attribute wrong in turn.
 */
export function corpusOf(draws: number): string[] {
  return mixed([
    ...fc.sample(nearlyValid, { numRuns: draws, seed: 2 }),
    ...fc
      .sample(validRequest, { numRuns: Math.floor(draws / 133), seed: 4 })
      .flatMap(withEachAttributeWrong),
    ...withKnownAttributes.map((data) => requestWithData([data])),
  ]).map(serialise);
}

/** Another order, always the same, so that a fault shows early. */
function mixed<T>(list: readonly T[]): T[] {
  // Steps of a prime number reach every position.
  return list.map((_, index) => list[(index * 7919) % list.length] as T);
}
