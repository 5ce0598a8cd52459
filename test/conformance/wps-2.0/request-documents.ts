import fc from 'fast-check';
import {
  type Attribute,
  type Element,
  element,
  foreign,
  type Node,
  ows,
  serialise,
  wps,
  xlink,
  xml,
} from '../../xml-tree.ts';

/**
 * Requests of WPS 2.0 as trees. They are built with the namespaces of 1.0.0, which {@link serialiseAs20}
 * replaces, so that every function that changes trees works on them, too.
 */

const anyOf = fc.constantFrom;
const text = anyOf('', 'a', ' b ', '49', 'a < b & "c"', '1 2');
const uri = anyOf('', 'urn:x', 'http://example.org/a?b=c#d', 'base64', '../a');
const mimeType = anyOf('text/xml', 'application/json', 'image/png;q=1;r=2', 'text/a;\n b=c');
const encoding = { mimeType, encoding: uri, schema: uri };

function attributesOf(
  required: Readonly<Record<string, fc.Arbitrary<string>>>,
  optional: Readonly<Record<string, fc.Arbitrary<string>>> = {},
): fc.Arbitrary<Attribute[]> {
  return fc
    .record({ ...required, ...optional }, { requiredKeys: Object.keys(required) })
    .map((record) =>
      Object.entries(record).map(([name, value]) => ({
        namespace: '',
        name,
        value: String(value),
      })),
    );
}

function build(
  namespace: string,
  name: string,
  attributes: fc.Arbitrary<readonly Attribute[]>,
  ...children: fc.Arbitrary<readonly Node[]>[]
): fc.Arbitrary<Element> {
  return fc
    .tuple(attributes, fc.tuple(...children))
    .map(([found, nodes]) => element(namespace, name, found, nodes.flat()));
}

const none: fc.Arbitrary<Attribute[]> = fc.constant([]);
const one = <T>(node: fc.Arbitrary<T>): fc.Arbitrary<T[]> => node.map((found) => [found]);
const maybe = <T>(node: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(node, { maxLength: 1 });
const some = <T>(node: fc.Arbitrary<T>, minLength: 0 | 1): fc.Arbitrary<T[]> =>
  fc.array(node, { minLength, maxLength: 3 });
const withText = (values: fc.Arbitrary<string> = text): fc.Arbitrary<Node[]> => one(values);

const identifier = build(ows, 'Identifier', attributesOf({}, { codeSpace: uri }), withText());
const box = build(
  ows,
  'BoundingBox',
  attributesOf({}, { crs: uri, dimensions: anyOf('1', '2', '+3') }),
  one(build(ows, 'LowerCorner', none, withText(anyOf('1 2', '', 'INF -INF')))),
  one(build(ows, 'UpperCorner', none, withText(anyOf('1.5e3\n-2', '3 4')))),
);
const boxOfWgs84 = build(
  ows,
  'WGS84BoundingBox',
  attributesOf({}, { crs: anyOf('urn:ogc:def:crs:OGC:2:84'), dimensions: anyOf('2', ' 2 ') }),
  one(build(ows, 'LowerCorner', none, withText(anyOf('1 2')))),
  one(build(ows, 'UpperCorner', none, withText(anyOf('-1 2e1')))),
);
const literal = build(
  wps,
  'LiteralValue',
  attributesOf({}, { dataType: uri, uom: uri }),
  withText(),
);
const foreignData = build(
  foreign,
  'data',
  anyOf('a', '').map((value) => [{ namespace: foreign, name: 'a', value }]),
  withText(),
);
const anything = fc.array(
  fc.oneof(
    text,
    anyOf('<!-- c -->', '<?p i?>', '<![CDATA[<c>]]>').map((raw) => ({ raw })),
    box,
    boxOfWgs84,
    literal,
    foreignData,
    identifier,
  ),
  { maxLength: 2 },
);

const href = uri.map((value) => ({ namespace: xlink, name: 'href', value }));
const data = build(wps, 'Data', attributesOf({}, encoding), anything);
const reference = build(
  wps,
  'Reference',
  fc.tuple(href, attributesOf({}, encoding)).map(([link, others]) => [link, ...others]),
  maybe(
    fc.oneof(
      build(wps, 'Body', none, anything),
      build(wps, 'BodyReference', one(href), fc.constant([])),
    ),
  ),
);
const { input } = fc.letrec<{ input: Element }>((tie) => ({
  input: build(
    wps,
    'Input',
    attributesOf({ id: uri }),
    fc.oneof(
      { weight: 4, arbitrary: one(data) },
      { weight: 3, arbitrary: one(reference) },
      {
        weight: 1,
        arbitrary: fc.array(tie('input'), { minLength: 1, maxLength: 2, depthIdentifier: 'i' }),
      },
    ),
  ),
}));
const { output } = fc.letrec<{ output: Element }>((tie) => ({
  output: build(
    wps,
    'Output',
    attributesOf({ id: uri }, { ...encoding, transmission: anyOf('value', 'reference') }),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: one(tie('output')) },
    ),
  ),
}));

const base = { service: anyOf('WPS'), version: anyOf('2.0.0') };
const extension = maybe(build(wps, 'Extension', none, anything));
const jobRequest = anyOf('GetStatus', 'GetResult', 'Dismiss').chain((name) =>
  build(wps, name, attributesOf(base), extension, one(build(wps, 'JobID', none, withText()))),
);
const listOf = (name: string, item: string, values: fc.Arbitrary<string>, minLength: 0 | 1) =>
  maybe(build(ows, name, none, some(build(ows, item, none, withText(values)), minLength)));

/** Valid requests of WPS 2.0, built from the grammar of the standard. */
export const validRequest: fc.Arbitrary<Element> = fc.oneof(
  {
    weight: 1,
    arbitrary: build(
      wps,
      'GetCapabilities',
      attributesOf({ service: base.service }, { updateSequence: text }),
      listOf('AcceptVersions', 'Version', anyOf('2.0.0', '1.0.0', '12.34.56'), 1),
      listOf('Sections', 'Section', anyOf('All', 'Contents', ''), 0),
      listOf('AcceptFormats', 'OutputFormat', mimeType, 0),
      listOf('AcceptLanguages', 'Language', anyOf('en', 'en-AU'), 1),
    ),
  },
  {
    weight: 1,
    arbitrary: build(
      wps,
      'DescribeProcess',
      fc
        .tuple(attributesOf(base), maybe(anyOf('en', 'de-CH', '')))
        .map(([found, tags]) => [
          ...found,
          ...tags.map((value) => ({ namespace: xml, name: 'lang', value })),
        ]),
      extension,
      some(identifier, 1),
    ),
  },
  { weight: 1, arbitrary: jobRequest },
  {
    weight: 6,
    arbitrary: build(
      wps,
      'Execute',
      attributesOf({
        ...base,
        mode: anyOf('sync', 'async', 'auto'),
        response: anyOf('raw', 'document'),
      }),
      extension,
      one(identifier),
      some(input, 0),
      some(output, 1),
    ),
  },
);

/** The document of a tree, in the namespaces of WPS 2.0. */
export function serialiseAs20(root: Element): string {
  return serialise(root)
    .replaceAll(wps, 'http://www.opengis.net/wps/2.0')
    .replaceAll(ows, 'http://www.opengis.net/ows/2.0');
}
