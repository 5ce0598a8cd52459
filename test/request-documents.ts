import fc from 'fast-check';
import {
  type Attribute,
  type Element,
  element,
  foreign,
  type Node,
  ows,
  withoutRepetition,
  wps,
  xlink,
  xml,
} from './xml-tree.ts';

const anyOf = fc.constantFrom;

/** Attributes without a namespace, each of them optional. */
function optionalAttributes(
  values: Readonly<Record<string, fc.Arbitrary<string>>>,
): fc.Arbitrary<Attribute[]> {
  return fc.record(values, { requiredKeys: [] }).map((record) =>
    Object.entries(record).map(([name, value]) => ({
      namespace: '',
      name,
      value: String(value),
    })),
  );
}

function optional(node: fc.Arbitrary<Element>): fc.Arbitrary<Element[]> {
  return fc.option(node, { nil: undefined }).map((found) => (found ? [found] : []));
}

function sequence(...parts: fc.Arbitrary<readonly Node[]>[]): fc.Arbitrary<Node[]> {
  return fc.tuple(...parts).map((found) => found.flat());
}

const one = <T>(node: fc.Arbitrary<T>): fc.Arbitrary<T[]> => node.map((found) => [found]);

function build(
  namespace: string,
  name: string,
  attributes: fc.Arbitrary<readonly Attribute[]>,
  children: fc.Arbitrary<readonly Node[]>,
): fc.Arbitrary<Element> {
  return fc
    .tuple(attributes, children)
    .map(([attributesFound, childrenFound]) =>
      element(namespace, name, attributesFound, childrenFound),
    );
}

const text = anyOf('', 'a', ' b ', '49', 'h\u00e9', 'a < b & "c"', '1 2', '\n');
const uri = anyOf('', 'urn:x', 'http://example.org/a?b=c#d', 'm', 'UTF-8', 'base64', '../a');
const boolean = anyOf('true', 'false', '1', '0');
const mimeType = anyOf(
  'text/xml',
  'application/json',
  'text/xml; subtype=gml/3.1.1',
  'image/png;q=1;r=2',
  'text/a;\n b=c',
  'text/a; \n\n\t b=c;\n=;=c',
  'model/;',
);
const encoding = { mimeType, encoding: uri, schema: uri };
const noAttributes = fc.constant([]);
const withText = text.map((found) => [found]);

const identifier = build(ows, 'Identifier', optionalAttributes({ codeSpace: uri }), withText);
const language = anyOf('en', 'en-AU', 'x-klingon', '').map((value) => ({
  namespace: xml,
  name: 'lang',
  value,
}));
const languageText = (name: string) =>
  build(
    ows,
    name,
    fc.option(language, { nil: undefined }).map((found) => (found ? [found] : [])),
    withText,
  );
const title = optional(languageText('Title'));
const abstract = optional(languageText('Abstract'));

const position = anyOf('1 2', ' 1.5e3\n-2 ', '', 'INF -INF NaN', '1 2 3');
function boundingBox(
  namespace: string,
  name: string,
  attributes: Readonly<Record<string, fc.Arbitrary<string>>>,
  corner: fc.Arbitrary<string>,
): fc.Arbitrary<Element> {
  const corners = ['LowerCorner', 'UpperCorner'].map((cornerName) =>
    one(build(ows, cornerName, noAttributes, one(corner))),
  );
  return build(namespace, name, optionalAttributes(attributes), sequence(...corners));
}
const boxAttributes = { crs: uri, dimensions: anyOf('1', '2', '+3', ' 2 ') };

const boxOfWgs84 = { crs: anyOf('urn:ogc:def:crs:OGC:2:84'), dimensions: anyOf('2', ' 2 ') };

/** Attributes that schemas define wherever they allow any content, with all their values. */
export const laxValues: readonly (readonly [string, string, readonly string[]])[] = [
  [xlink, 'href', ['urn:x']],
  [xlink, 'type', ['simple', 'extended', 'title', 'resource', 'locator', 'arc']],
  [xlink, 'role', ['urn:x']],
  [xlink, 'arcrole', ['urn:x']],
  [xlink, 'title', ['a title']],
  [xlink, 'show', ['new', 'replace', 'embed', 'other', 'none']],
  [xlink, 'actuate', ['onLoad', 'onRequest', 'other', 'none']],
  [xlink, 'label', ['a']],
  [xlink, 'from', ['a']],
  [xlink, 'to', ['a']],
  [xml, 'lang', ['en', '']],
  [xml, 'space', ['default', 'preserve']],
  [xml, 'base', ['urn:x']],
  [ows, 'rangeClosure', ['closed', 'open', 'open-closed', 'closed-open']],
  [ows, 'reference', ['urn:x']],
  [wps, 'processVersion', ['1']],
  [foreign, 'a', ['b']],
  ['', 'c', ['d']],
];
const laxAttributes: fc.Arbitrary<Attribute[]> = fc
  .array(
    anyOf(
      ...laxValues.flatMap(([namespace, name, values]) =>
        values.map((value) => ({ namespace, name, value })),
      ),
    ),
    { maxLength: 3 },
  )
  .map(withoutRepetition);
const { anything } = fc.letrec<{ anything: Node[]; foreign: Element }>((tie) => ({
  foreign: build(foreign, 'data', laxAttributes, tie('anything')),
  anything: fc.array(
    fc.oneof(
      { depthSize: 'small', maxDepth: 2 },
      text,
      anyOf('<!-- c -->', '<?p i?>', '<![CDATA[<c>]]>').map((raw) => ({ raw })),
      build('', 'plain', laxAttributes, withText),
      identifier,
      languageText('Title'),
      boundingBox(ows, 'BoundingBox', boxAttributes, position),
      boundingBox(ows, 'WGS84BoundingBox', boxOfWgs84, anyOf('1 2', '-180 -90')),
      fc.constant(element(wps, 'GetCapabilities', [fixed('service', 'WPS')], [])),
      tie('foreign'),
    ),
    { maxLength: 3 },
  ),
}));

function fixed(name: string, value: string): Attribute {
  return { namespace: '', name, value };
}

const complexData = build(
  wps,
  'ComplexData',
  fc
    .tuple(optionalAttributes(encoding), laxAttributes)
    .map((found) => withoutRepetition(found.flat())),
  anything,
);
const literalData = build(
  wps,
  'LiteralData',
  optionalAttributes({ dataType: uri, uom: uri }),
  withText,
);
const data = build(
  wps,
  'Data',
  noAttributes,
  one(
    fc.oneof(
      complexData,
      literalData,
      boundingBox(wps, 'BoundingBoxData', boxAttributes, position),
    ),
  ),
);

const href = uri.map((value) => ({ namespace: xlink, name: 'href', value }));
const header = fc
  .tuple(text, text)
  .map(([key, value]) => element(wps, 'Header', [fixed('key', key), fixed('value', value)], []));
const body = fc.oneof(
  build(wps, 'Body', laxAttributes, anything),
  build(wps, 'BodyReference', one(href), fc.constant([])),
);
const reference = build(
  wps,
  'Reference',
  fc
    .tuple(href, optionalAttributes({ method: anyOf('GET', 'POST'), ...encoding }))
    .map(([link, others]) => [link, ...others]),
  sequence(fc.array(header, { maxLength: 2 }), optional(body)),
);

const input = build(
  wps,
  'Input',
  noAttributes,
  sequence(one(identifier), title, abstract, one(fc.oneof(data, reference))),
);
const dataInputs = build(
  wps,
  'DataInputs',
  noAttributes,
  fc.array(input, { minLength: 1, maxLength: 3 }),
);
const outputAttributes = { uom: uri, ...encoding };
const output = build(
  wps,
  'Output',
  optionalAttributes({ ...outputAttributes, asReference: boolean }),
  sequence(one(identifier), title, abstract),
);
const responseForm = build(
  wps,
  'ResponseForm',
  noAttributes,
  one(
    fc.oneof(
      build(
        wps,
        'ResponseDocument',
        optionalAttributes({ storeExecuteResponse: boolean, status: boolean, lineage: boolean }),
        fc.array(output, { minLength: 1, maxLength: 3 }),
      ),
      build(wps, 'RawDataOutput', optionalAttributes(outputAttributes), one(identifier)),
    ),
  ),
);

function request(
  name: string,
  required: readonly Attribute[],
  children: fc.Arbitrary<readonly Node[]>,
): fc.Arbitrary<Element> {
  const attributes = optionalAttributes({ language: text }).map((found) => [...required, ...found]);
  return build(wps, name, attributes, children);
}

const version = anyOf('1.0.0', '0.4.0', '12.34.56', '1.00.0').map((value) =>
  element(ows, 'Version', [], [value]),
);
const acceptVersions = build(
  wps,
  'AcceptVersions',
  noAttributes,
  fc.array(version, { minLength: 1, maxLength: 3 }),
);
const base = [fixed('service', 'WPS'), fixed('version', '1.0.0')];

/** Valid requests, built from the grammar of the standard. */
export const validRequest: fc.Arbitrary<Element> = fc.oneof(
  { weight: 1, arbitrary: request('GetCapabilities', base.slice(0, 1), optional(acceptVersions)) },
  {
    weight: 1,
    arbitrary: request(
      'DescribeProcess',
      base,
      fc.array(identifier, { minLength: 1, maxLength: 3 }),
    ),
  },
  {
    weight: 6,
    arbitrary: request(
      'Execute',
      base,
      sequence(one(identifier), optional(dataInputs), optional(responseForm)),
    ),
  },
);

/** An Execute request that is valid except, possibly, for the data it contains. */
export function requestWithData(nodes: readonly Node[]): Element {
  const inputOf = (data: Element) =>
    element(
      wps,
      'Input',
      [],
      [element(ows, 'Identifier', [], ['a']), element(wps, 'Data', [], [data])],
    );
  return element(wps, 'Execute', base, [
    element(ows, 'Identifier', [], ['a']),
    element(wps, 'DataInputs', [], [inputOf(element(wps, 'ComplexData', [], nodes))]),
  ]);
}
