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
  xsi,
} from './xml-tree.ts';

/** A change of a document: its kind, its place, and which of the choices it uses. */
export interface Mutation {
  readonly kind: keyof typeof mutations;
  readonly at: number;
  readonly choice: number;
}

/** Names of elements and values of attributes. Each is right in some places and wrong in others. */
export interface Vocabulary {
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly attributes: readonly Attribute[];
}

const names = [
  ...['Execute', 'DescribeProcess', 'GetCapabilities', 'AcceptVersions', 'DataInputs', 'Input'],
  ...['Data', 'ComplexData', 'LiteralData', 'BoundingBoxData', 'Reference', 'Header', 'Body'],
  ...['BodyReference', 'ResponseForm', 'ResponseDocument', 'RawDataOutput', 'Output'],
  ...['Identifier', 'Title', 'Abstract', 'Version', 'LowerCorner', 'UpperCorner', 'BoundingBox'],
  ...['WGS84BoundingBox', 'bogus'],
];
const namespaces = [wps, ows, '', foreign];
/** Values of attributes and elements. Each is right in some places and wrong in others. */
export const values = [
  ...['', ' ', 'WPS', ' WPS ', 'WFS', '1.0.0', '1.0', '1.00.0', '1.0.0 ', 'true', ' 1 ', 'TRUE'],
  ...['maybe', 'GET', 'get', 'POST', 'urn:x', 'a b', '%zz', 'http://[', '#a#b', 'text/xml', 'text'],
  ...[
    'x/y',
    'text/',
    'text/a\n',
    'text/a;\nb',
    'text/a;\nb=c',
    'text/a;\n=b',
    'text/a; \n\n b=c;d',
  ],
  ...[
    'en',
    'not a lang',
    'en_AU',
    '-1',
    '0',
    '2',
    '+2',
    '3',
    '1.5',
    '1e3',
    '1 2',
    '1 2 3',
    'INF NaN',
  ],
  ...['x', 'simple', 'bogus', 'preserve', 'closed', 'closed open', 'new', 'onLoad', 'a:b', '1a'],
  ...['urn:ogc:def:crs:OGC:2:84', '\n', 'h\u00e9'],
];
const typeNames = [
  ...['wps:InputType', 'wps:DataType', 'wps:DataInputsType', 'wps:OutputDefinitionType'],
  ...['wps:DocumentOutputDefinitionType', 'wps:ComplexDataType', 'wps:LiteralDataType'],
  ...['wps:InputReferenceType', 'wps:ResponseDocumentType', 'wps:RequestBaseType'],
  ...['ows:BoundingBoxType', 'ows:WGS84BoundingBoxType', 'ows:CodeType', 'ows:LanguageStringType'],
  ...['ows:VersionType', 'ows:AcceptVersionsType', 'ows:PositionType2D', 'ows:MimeType'],
  ...['xs:string', 'xs:double', 'xs:anyType', 'xs:anyURI', 'xs:token', 'xs:bogus', 'wps:Bogus'],
  ...['bogus', 'undeclared:type', '', 'f:type'],
];
const attributes: readonly Attribute[] = [
  ...['service', 'version', 'language', 'codeSpace', 'mimeType', 'encoding', 'schema', 'dataType'],
  ...['uom', 'crs', 'dimensions', 'href', 'method', 'key', 'value', 'storeExecuteResponse'],
  ...['status', 'lineage', 'asReference', 'bogus'],
]
  .flatMap((name) => values.map((value) => ({ namespace: '', name, value })))
  .concat(
    [
      'href',
      'type',
      'role',
      'arcrole',
      'title',
      'show',
      'actuate',
      'label',
      'from',
      'to',
      'bogus',
    ].flatMap((name) => values.map((value) => ({ namespace: xlink, name, value }))),
    // Leaves out `xml:id`, which the parser itself checks.
    ['lang', 'space', 'base', 'bogus'].flatMap((name) =>
      values.map((value) => ({ namespace: xml, name, value })),
    ),
    ['rangeClosure', 'reference', 'bogus'].flatMap((name) =>
      values.map((value) => ({ namespace: ows, name, value })),
    ),
    ['processVersion', 'service'].map((name) => ({ namespace: wps, name, value: 'WPS' })),
    ['a', 'b'].map((name) => ({ namespace: foreign, name, value: 'x' })),
    // There are few of these, so repeat them until they are as many as all others together.
    ...Array.from({ length: 30 }, () => [
      ...typeNames.map((value) => ({ namespace: xsi, name: 'type', value })),
      ...['true', 'false', '1', 'x'].map((value) => ({ namespace: xsi, name: 'nil', value })),
      {
        namespace: xsi,
        name: 'schemaLocation',
        value: `${wps} http://127.0.0.1:1/wps.xsd urn:foreign http://127.0.0.1:1/foreign.xsd`,
      },
      { namespace: xsi, name: 'schemaLocation', value: 'odd' },
      { namespace: xsi, name: 'noNamespaceSchemaLocation', value: 'http://127.0.0.1:1/x.xsd' },
      { namespace: xsi, name: 'bogus', value: 'x' },
    ]),
  );

const wps10Vocabulary: Vocabulary = { names, values, attributes };

/** A vocabulary extended with more element names, values and attribute names. */
export function vocabularyWith(
  moreNames: readonly string[],
  moreValues: readonly string[],
  attributeNames: readonly string[],
): Vocabulary {
  const all = [...moreValues, ...values];
  return {
    names: [...moreNames, ...names],
    values: all,
    attributes: [
      ...attributeNames.flatMap((name) => all.map((value) => ({ namespace: '', name, value }))),
      ...attributes,
    ],
  };
}

/** How each kind of mutation changes an element. Returns undefined to remove it. */
const mutations = {
  drop: () => undefined,
  rename: (of, choice, { names }) => ({ ...of, name: pick(names, choice) }),
  'change namespace': (of, choice) => ({ ...of, namespace: pick(namespaces, choice) }),
  'repeat a child': (of, choice) => changeChildren(of, choice, (child) => [child, child]),
  'swap children': (of, choice) => {
    const [first, second] = [choice % of.children.length, (choice + 1) % of.children.length];
    const children = [...of.children];
    const [a, b] = [children[first], children[second]];
    if (a === undefined || b === undefined) return of;
    [children[first], children[second]] = [b, a];
    return { ...of, children };
  },
  'wrap a child': (of, choice, { names }) =>
    changeChildren(of, choice, (child) => [element(wps, pick(names, choice), [], [child])]),
  'unwrap a child': (of, choice) =>
    changeChildren(of, choice, (child) =>
      typeof child === 'object' && 'children' in child ? child.children : [],
    ),
  'insert an element': (of, choice, { names }) =>
    insert(of, choice, element(pick(namespaces, choice), pick(names, choice >> 2), [], [])),
  'insert text': (of, choice, { values }) => insert(of, choice, pick(values, choice)),
  'insert white space': (of, choice) => insert(of, choice, { raw: ' \n\t' }),
  'insert a comment': (of, choice) => insert(of, choice, { raw: '<!-- <a> -->' }),
  'insert an instruction': (of, choice) => insert(of, choice, { raw: '<?a b?>' }),
  'insert CDATA': (of, choice) => insert(of, choice, { raw: '<![CDATA[1]]>' }),
  'replace text': (of, choice, { values }) => ({ ...of, children: [pick(values, choice)] }),
  'drop an attribute': (of, choice) => ({
    ...of,
    attributes: of.attributes.filter((_, index) => index !== choice % of.attributes.length),
  }),
  'set an attribute': (of, choice, { values }) => ({
    ...of,
    attributes: of.attributes.map((attribute, index) =>
      index === choice % of.attributes.length
        ? { ...attribute, value: pick(values, choice >> 2) }
        : attribute,
    ),
  }),
  'add an attribute': (of, choice, { attributes }) => ({
    ...of,
    attributes: withoutRepetition([pick(attributes, choice), ...of.attributes]),
  }),
} satisfies Record<
  string,
  (of: Element, choice: number, vocabulary: Vocabulary) => Element | undefined
>;

/** Any mutation, or only those of the given kinds. */
export function mutation(...kinds: readonly (keyof typeof mutations)[]): fc.Arbitrary<Mutation> {
  const all = Object.keys(mutations) as (keyof typeof mutations)[];
  return fc.record({
    kind: fc.constantFrom(...(kinds.length > 0 ? kinds : all)),
    at: fc.nat(10_000),
    choice: fc.nat(100_000),
  });
}

/** The document after a change. The root is never removed. */
export function mutate(
  root: Element,
  { kind, at, choice }: Mutation,
  vocabulary: Vocabulary = wps10Vocabulary,
): Element {
  const target = at % count(root);
  const walk = (node: Element, index: number): Element | undefined => {
    if (index === target) return mutations[kind](node, choice, vocabulary);
    let next = index + 1;
    const children: Node[] = [];
    for (const child of node.children) {
      if (typeof child === 'string' || 'raw' in child) children.push(child);
      else {
        const changed = walk(child, next);
        next += count(child);
        if (changed) children.push(changed);
      }
    }
    return { ...node, children };
  };
  return walk(root, 0) ?? root;
}

function count({ children }: Element): number {
  return children.reduce(
    (sum, child) => sum + (typeof child === 'object' && 'children' in child ? count(child) : 0),
    1,
  );
}

function pick<T>(list: readonly T[], choice: number): T {
  return list[choice % list.length] as T;
}

function changeChildren(
  of: Element,
  choice: number,
  change: (child: Node) => readonly Node[],
): Element {
  const changed = choice % of.children.length;
  return {
    ...of,
    children: of.children.flatMap((child, index) => (index === changed ? change(child) : [child])),
  };
}

function insert(of: Element, choice: number, node: Node): Element {
  const at = choice % (of.children.length + 1);
  return { ...of, children: [...of.children.slice(0, at), node, ...of.children.slice(at)] };
}
