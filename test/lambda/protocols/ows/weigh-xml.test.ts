import fc from 'fast-check';
import { ParseOption, XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { namespaces } from '../../../../lambda/protocols/ows/namespaces.ts';
import { heaviest, weighXml } from '../../../../lambda/protocols/ows/weigh-xml.ts';
import { readMarkup } from '../../../../lambda/protocols/ows/xml-markup.ts';
import { exceptionOf } from '../../../only-ows-exceptions.ts';

const declarations = `xmlns:wps="${namespaces.wps}" xmlns:xlink="${namespaces.xlink}" xmlns:xsi="${namespaces.xsi}"`;
/** Data within an element of WPS, as complex data is sent. */
const data = (content: string) => `<wps:Data ${declarations}>${content}</wps:Data>`;
const weigh = (text: string | Uint8Array) => weighXml(Buffer.from(text), namespaces);
/** The accepted number of sibling elements, when the schema can find this many faults in each. */
const sideBySide = (faults: number) =>
  Math.floor((Math.sqrt(1_500 ** 2 + (4 * heaviest.siblingsCounted) / faults) - 1_500) / 2);
const times = (count: number, piece: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => piece(index)).join('');

/** Each shape of document grows with its number of pieces. The number is the largest accepted. */
const shapes: readonly [string, (pieces: number) => string, number, RegExp][] = [
  // In addition to the pieces, count the root with its three declarations, and an element of data with as
  // many copied ones.
  ['empty elements', (n) => `<r>${'<a/>'.repeat(n)}</r>`, heaviest.nodes - 1, /more elements/],
  ['texts', (n) => `<r>${'<a/>b'.repeat(n)}</r>`, (heaviest.nodes - 2) / 2, /more elements/],
  [
    'nested elements',
    (n) => `<r>${`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`.repeat(n)}</r>`,
    Math.floor((heaviest.nodes - 1) / 100),
    /more elements/,
  ],
  ['comments', (n) => `<r>${'<!---->'.repeat(n)}</r>`, heaviest.nodes - 1, /more elements/],
  ['instructions', (n) => `<r>${'<?a?>'.repeat(n)}</r>`, heaviest.nodes - 1, /more elements/],
  [
    'sections of CDATA',
    (n) => `<r>${'<![CDATA[]]>'.repeat(n)}</r>`,
    heaviest.nodes - 1,
    /more elements/,
  ],
  [
    'attributes of one element',
    (n) => `<r ${times(n, (i) => `a${i}="" `)}/>`,
    heaviest.attributes,
    /an element with \d+ attributes; allowed: 500/,
  ],
  [
    'attributes of many elements',
    (n) => `<r>${'<a b="" c=""/>'.repeat(n)}</r>`,
    Math.floor((heaviest.nodes - 1) / 3),
    /more elements/,
  ],
  [
    'namespaces of one element',
    (n) => `<r ${times(n, (i) => `xmlns:a${i}="u" `)}/>`,
    heaviest.namespaces - 1,
    /\d+ namespaces at one place; allowed: 200/,
  ],
  [
    'namespaces of elements within each other',
    (n) => times(n, (i) => `<a xmlns:a${i}="u">`),
    heaviest.namespaces - 1,
    /\d+ namespaces at one place/,
  ],
  [
    'elements in a namespace with a name of 25,600 characters',
    (n) => `<r xmlns="${'u'.repeat(25_600)}">${'<a/>'.repeat(n)}</r>`,
    Math.floor((heaviest.nodes - 102) / 101),
    /more elements/,
  ],
  [
    'attributes in a namespace with a name of 25,600 characters',
    (n) => `<r xmlns:u="${'u'.repeat(25_600)}">${'<a u:b=""/>'.repeat(n)}</r>`,
    Math.floor((heaviest.nodes - 2) / 102),
    /more elements/,
  ],
  [
    'data that copies a hundred declarations',
    (n) =>
      `<wps:r ${declarations} ${times(96, (i) => `xmlns:a${i}="u" `)}>${'<a/>'.repeat(n)}</wps:r>`,
    Math.floor((heaviest.nodes - 100) / 601),
    /more elements/,
  ],
  [
    'elements of WPS side by side',
    (n) => data(`<r>${'<wps:Input/>'.repeat(n)}</r>`),
    sideBySide(1) - 2,
    /elements of WPS beside so many others/,
  ],
  [
    'elements of WPS whose namespace is written with a reference',
    (n) => `<r xmlns:w="${namespaces.wps.replace('h', '&#104;')}">${'<w:Input/>'.repeat(n)}</r>`,
    sideBySide(1) - 2,
    /elements of WPS beside so many others/,
  ],
  [
    'elements of WPS after many others',
    (n) => `<r ${declarations}>${'<a/>'.repeat(100_000)}${'<wps:Input/>'.repeat(n)}</r>`,
    Math.floor(heaviest.siblingsCounted / 101_500) - 3,
    /elements of WPS beside so many others/,
  ],
  [
    'elements of WPS within one that stands beside many others',
    (n) =>
      `<r ${declarations}>${'<a/>'.repeat(100_000)}<wps:r>${'<wps:Input/>'.repeat(n)}</wps:r></r>`,
    Math.floor((heaviest.siblingsCounted - 101_500) / 101_500) - 1,
    /elements of WPS beside so many others/,
  ],
  [
    'links side by side',
    (n) => `<r ${declarations}>${'<a xlink:href=""/>'.repeat(n)}</r>`,
    sideBySide(1) - 3,
    /elements of WPS beside so many others/,
  ],
  [
    'languages side by side',
    (n) => `<r>${'<a xml:lang=""/>'.repeat(n)}</r>`,
    sideBySide(1) - 3,
    /elements of WPS beside so many others/,
  ],
  [
    'types of XML Schema side by side',
    (n) => `<r ${declarations}>${'<a xsi:type="b"/>'.repeat(n)}</r>`,
    sideBySide(2) - 3,
    /elements of WPS beside so many others/,
  ],
  [
    'texts where WPS has none',
    (n) => `<wps:r ${declarations}>${'<a/>b'.repeat(n)}</wps:r>`,
    Math.floor((Math.sqrt(1_500 ** 2 + 8 * heaviest.siblingsCounted) - 1_500) / 4) - 4,
    /elements of WPS beside so many others/,
  ],
];

describe('a request’s XML is weighed before it is parsed', () => {
  it.each(shapes)(
    'a request’s XML is weighed before it is parsed, up to a limit on %s',
    (_, make, most, words) => {
      expect(() => weigh(make(most))).not.toThrow();
      // A few more than the bound, for shapes where siblings other than the pieces count, too.
      expect(exceptionOf(() => weigh(make(most + 5)))).toMatchObject({
        code: 'FileSizeExceeded',
        httpStatus: 413,
        message: expect.stringMatching(words),
      });
    },
  );

  it('a request’s XML in UTF-16 is weighed, too', () => {
    const many = `<r>${'<a/>'.repeat(heaviest.nodes)}</r>`;
    const little = Buffer.from(`\ufeff${many}`, 'utf16le');
    expect(() => weigh(little)).toThrow(/more elements/);
    expect(() => weigh(little.subarray(2))).toThrow(/more elements/);
    expect(() => weigh(Buffer.from(little).swap16())).toThrow(/more elements/);
    expect(() => weigh(Buffer.from(little).swap16().subarray(2))).toThrow(/more elements/);
  });

  it('a request’s XML is weighed whether it is well-formed or not', () => {
    const many = '<a/>'.repeat(heaviest.nodes + 1);
    for (const body of [many, `<r><a b></c>${many}`, `<r a=b>${many}`, `<r a="b" / x>${many}`]) {
      expect(() => weigh(body)).toThrow(/more elements/);
    }
  });

  it('a request’s XML is weighed by its namespaces, in quotes of either kind', () => {
    const body = data(`<r>${'<wps:Input/>'.repeat(sideBySide(1) + 3)}</r>`);
    for (const text of [body, body.replaceAll('"', "'"), body.replaceAll('="', ' =\n"')]) {
      expect(() => weigh(text)).toThrow(/elements of WPS beside so many others/);
    }
  });

  it('a namespace in a request’s XML counts only within the element that declares it', () => {
    const own = times(2 * heaviest.namespaces, (i) => `<a xmlns:a${i}="u"/>`);
    expect(() => weigh(`<r>${own}</r>`)).not.toThrow();
    const inputs = '<p:Input/>'.repeat(sideBySide(1) + 3);
    const other = `<a xmlns:p="urn:other"/>`;
    const inside = `<a xmlns:p="${namespaces.wps}"/>`;
    const crowded = /elements of WPS beside so many others/;
    expect(() => weigh(`<r xmlns:p="${namespaces.wps}">${other}${inputs}</r>`)).toThrow(crowded);
    expect(() => weigh(`<r xmlns:p="urn:other">${inside}${inputs}</r>`)).not.toThrow();
    expect(() => weigh(`<r>${inside}${inputs}</r>`)).not.toThrow();
  });

  it('a request’s XML that ends more elements than it begins is weighed on', () => {
    const many = '<a/>'.repeat(heaviest.nodes + 1);
    expect(() => weigh(`</r></r>${many}`)).toThrow(/more elements/);
    expect(() => weigh('</r>')).not.toThrow();
  });

  it('comments in a request’s XML are no faults, and sections of text are', () => {
    const many = sideBySide(1) * 2;
    expect(() => weigh(data(`${'<!---->'.repeat(many)}`))).not.toThrow();
    expect(() => weigh(data(`${'<?a?>'.repeat(many)}`))).not.toThrow();
    expect(() => weigh(data(`${'<a/> '.repeat(many)}`))).not.toThrow();
    expect(() => weigh(data(`${'<![CDATA[]]>'.repeat(many)}`))).toThrow(/beside so many others/);
  });

  it('character data in a request’s XML weighs nothing', () => {
    const many = '<a/>'.repeat(heaviest.nodes);
    for (const body of [`<![CDATA[${many}]]>`, `<!--${many}-->`, `<?a ${many}?>`]) {
      expect(() => weigh(`<r>${body}</r>`)).not.toThrow();
    }
    expect(() => weigh(`<r>${'&lt;'.repeat(1_000_000)}</r>`)).not.toThrow();
  });

  it('attributes of XML Schema that name no type keep no validator busy', () => {
    const many = '<a xsi:nil="true"/>'.repeat(2 * sideBySide(2));
    expect(() => weigh(`<r ${declarations}>${many}</r>`)).not.toThrow();
  });

  it('a document type declaration ends the weighing of a request’s XML', () => {
    expect(() => weigh(`<!DOCTYPE a [${'<!ENTITY b "">'.repeat(100_000)}]><a/>`)).toThrow(
      expect.objectContaining({ httpStatus: 400, message: expect.stringMatching(/declaration/) }),
    );
  });

  it('weighing a request’s XML counts what a parser finds, in any document', () => {
    fc.assert(
      fc.property(content, (inner) => {
        const text = `<r>${inner}</r>`;
        expect(counted(text)).toEqual(parsed(text));
      }),
      { numRuns: 300, seed: 13 },
    );
  });
});

/** Markup mixed with text that looks like markup. */
const { content } = fc.letrec<{ content: string; node: string }>((tie) => ({
  content: fc.array(tie('node'), { maxLength: 5 }).map((nodes) => nodes.join('')),
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('text', '>', '"', "'", ' ', '&lt;a/>', '/>', ']]&gt;', '=', 'é'),
    fc.constantFrom(
      '<!-- <a> -->',
      '<!--->-->',
      '<![CDATA[<a b=""/>]]>',
      '<![CDATA[]]]]>',
      '<?a <b> ?>',
    ),
    fc
      .tuple(
        fc.constantFrom(
          ...['', ' ', ' b="1"', " b='>'", ' b = "/>"', ' b="\'" c=\'"\'', '\n b="--"\t'],
        ),
        tie('content'),
      )
      .map(([attributes, inner]) => `<a${attributes}>${inner}</a >`),
    fc.constantFrom(
      '<a/>',
      '<a />',
      '<a b="/"/>',
      '<é ü="ö"/>',
      "<a b='<!--'/>".replace('<!--', '!--'),
    ),
  ),
}));

function counted(text: string) {
  let elements = 0;
  let attributes = 0;
  let ends = 0;
  const nothing = () => undefined;
  readMarkup(text, {
    start: (_, written) => {
      elements++;
      attributes += written.length;
    },
    end: () => {
      ends++;
    },
    text: nothing,
    other: nothing,
    documentType: nothing,
  });
  expect(ends).toBe(elements);
  return { elements, attributes };
}

function parsed(text: string) {
  const document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NONET });
  try {
    const count = (xpath: string) => Number(document.eval(`count(${xpath})`));
    return { elements: count('//*'), attributes: count('//@*') };
  } finally {
    document.dispose();
  }
}
