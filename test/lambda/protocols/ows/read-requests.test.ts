import { XmlDocument, XmlParseError, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it, vi } from 'vitest';
import { compileSchema } from '../../../../lambda/protocols/ows/compile-schema.ts';
import { inlineXml } from '../../../../lambda/protocols/ows/inline-xml.ts';
import { namespaces } from '../../../../lambda/protocols/ows/namespaces.ts';
import { schemaFault } from '../../../../lambda/protocols/ows/schema-fault.ts';
import {
  attribute,
  childLookup,
  childrenOf,
  firstOf,
} from '../../../../lambda/protocols/ows/xml-tree.ts';
import { decodeXml as decode10 } from '../../../../lambda/protocols/wps-1.0/decode-xml.ts';
import { decodeXml as decode20 } from '../../../../lambda/protocols/wps-2.0/decode-xml.ts';
import { exceptionOf } from '../../../only-ows-exceptions.ts';

const request =
  (wps: string, ows: string) =>
  (operation: string, content: string, attributes = '') =>
    Buffer.from(
      `<wps:${operation} service="WPS" xmlns:wps="http://www.opengis.net/wps/${wps}" xmlns:ows="http://www.opengis.net/ows/${ows}" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>\n${content}</wps:${operation}>`,
    );
const in10 = request('1.0.0', '1.1');
const in20 = request('2.0', '2.0');
const execute10 = (content: string) =>
  in10('Execute', `<ows:Identifier>p</ows:Identifier>${content}`, 'version="1.0.0"');
const execute20 = (content: string) =>
  in20(
    'Execute',
    `<ows:Identifier>p</ows:Identifier>${content}`,
    'version="2.0.0" mode="sync" response="raw"',
  );
const input10 = (content: string) =>
  execute10(`<wps:DataInputs><wps:Input>${content}</wps:Input></wps:DataInputs>`);
const identifier = '<ows:Identifier>a</ows:Identifier>';
const lower = '<ows:LowerCorner>1 2</ows:LowerCorner>';
const box10 = (content: string) =>
  input10(
    `${identifier}<wps:Data><wps:BoundingBoxData>${content}</wps:BoundingBoxData></wps:Data>`,
  );

const read10 = (body: Buffer) => () => decode10(body, { maxBytes: 10_000 });
const read20 = (body: Buffer) => () => decode20(body, 10_000);

describe('a request that its schema refuses', () => {
  it.each([
    ['Identifier', read10(input10('<wps:Data/>'))],
    ['Identifier', read10(in10('DescribeProcess', '<wps:Other/>', 'version="1.0.0"'))],
    [
      'Version',
      read10(in10('GetCapabilities', '<wps:AcceptVersions><wps:A/></wps:AcceptVersions>')),
    ],
    ['LowerCorner', read10(box10('<ows:Other/>'))],
    ['UpperCorner', read10(box10(`${lower}<ows:Other/>`))],
    [
      'Output',
      read10(
        execute10(
          '<wps:ResponseForm><wps:ResponseDocument><wps:A/></wps:ResponseDocument></wps:ResponseForm>',
        ),
      ),
    ],
    ['Output', read20(execute20('<wps:Other/>'))],
    ['JobID', read20(in20('GetStatus', '<wps:Other/>', 'version="2.0.0"'))],
    [
      'Version',
      read20(in20('GetCapabilities', '<ows:AcceptVersions><ows:A/></ows:AcceptVersions>')),
    ],
    [
      'Language',
      read20(in20('GetCapabilities', '<ows:AcceptLanguages><ows:A/></ows:AcceptLanguages>')),
    ],
  ])('a request that its schema refuses lacks %s where another element stands', (locator, read) => {
    expect(exceptionOf(read)).toMatchObject({ code: 'MissingParameterValue', locator });
  });

  it.each([
    [
      'an element too many',
      read10(
        input10(
          `${identifier}<wps:Data><wps:LiteralData>1</wps:LiteralData></wps:Data><wps:Other/>`,
        ),
      ),
      'Other',
    ],
    [
      'an output within an output',
      read20(execute20('<wps:Output id="a"><wps:Other/></wps:Output>')),
      'Other',
    ],
    [
      'an attribute too many',
      read10(
        input10(
          `${identifier}<wps:Data><wps:LiteralData color="red">1</wps:LiteralData></wps:Data>`,
        ),
      ),
      'color',
    ],
    [
      'an attribute of another value',
      read20(execute20('<wps:Output id="a" transmission="later"/>')),
      'transmission',
    ],
    [
      'text where a number should be',
      read10(
        box10(`<ows:LowerCorner>west</ows:LowerCorner><ows:UpperCorner>1 2</ows:UpperCorner>`),
      ),
      'LowerCorner',
    ],
  ])(
    'a request that its schema refuses is invalid for %s, with its line and readable names',
    (_, read, locator) => {
      const exception = exceptionOf(read);
      expect(exception).toMatchObject({ code: 'InvalidParameterValue', locator, httpStatus: 400 });
      expect(exception.message).toMatch(
        /^The request is not valid at line 2: Element '(wps|ows):.*\S$/s,
      );
      expect(exception.message).not.toContain('{http');
    },
  );

  it.each([
    [
      'service',
      read10(Buffer.from(String(in10('GetCapabilities', '')).replace('service="WPS"', ''))),
    ],
    ['version', read10(in10('DescribeProcess', identifier))],
    ['href', read10(input10(`${identifier}<wps:Reference/>`))],
    ['id', read20(execute20('<wps:Output/>'))],
  ])('a request that its schema refuses lacks attribute %s', (locator, read) => {
    expect(exceptionOf(read)).toMatchObject({ code: 'MissingParameterValue', locator });
  });

  it('a request that its schema refuses may have an element in the wrong place, which is not missing', () => {
    const inputs = `<wps:DataInputs><wps:Input>${identifier}<wps:Data><wps:LiteralData/></wps:Data></wps:Input></wps:DataInputs>`;
    const body = in10('Execute', `${inputs}${identifier}`, 'version="1.0.0"');
    expect(exceptionOf(read10(body))).toMatchObject({
      ...{ code: 'InvalidParameterValue', locator: 'DataInputs' },
    });
  });

  it('a request that its schema refuses may have a box of another namespace, which is no box of WPS', () => {
    const box = `<f:BoundingBoxData xmlns:f="urn:f">${lower}<ows:UpperCorner>3 4</ows:UpperCorner></f:BoundingBoxData>`;
    expect(exceptionOf(read10(input10(`${identifier}${box}`)))).toMatchObject({
      ...{ code: 'InvalidParameterValue', locator: 'BoundingBoxData' },
    });
  });

  it('a request that its schema refuses names the element at fault, not another of that name', () => {
    const whole = `<wps:Input>${identifier}<wps:Data><wps:LiteralData>1</wps:LiteralData></wps:Data></wps:Input>`;
    const body = execute10(
      `<wps:DataInputs>${whole}\n<wps:Input><wps:Data/></wps:Input></wps:DataInputs>`,
    );
    expect(exceptionOf(read10(body))).toMatchObject({
      ...{ code: 'MissingParameterValue', locator: 'Identifier' },
      message: expect.stringContaining('line 3'),
    });
  });
});

describe('a request that is no XML', () => {
  it.each([
    ['names the line', '<a>\n</b>', /^The request is not well-formed XML: .*\(line 2\)\.$/s, 400],
    ['is a form', 'service=WPS&request=GetCapabilities', /By POST comes XML; keys and values/, 400],
    ['has a document type', '<!DOCTYPE a><a/>', /document type declaration/, 400],
  ])('a request that is no XML is refused: it %s', (_, body, message, httpStatus) => {
    const bytes = Buffer.from(body);
    for (const read of [read10(bytes), read20(bytes)]) {
      expect(exceptionOf(read)).toMatchObject({
        ...{ code: 'NoApplicableCode', httpStatus, message: expect.stringMatching(message) },
      });
    }
    if (!body.includes('=')) expect(exceptionOf(read10(bytes)).message).not.toContain('By POST');
  });
});

describe('data in a request', () => {
  const complex = (content: string) =>
    read10(
      input10(`${identifier}<wps:Data><wps:ComplexData>${content}</wps:ComplexData></wps:Data>`),
    )();
  const read = (content: string) => {
    const request = complex(content);
    const [input] = request.operation === 'Execute' ? request.inputs : [];
    if (input?.data.kind !== 'complex' || !('text' in input.data.content)) return undefined;
    return input.data.content.text;
  };

  it.each([
    ['characters as they are, with white space', ' a &lt; b\n', ' a < b\n'],
    ['a CDATA section without the white space around it', '\n <![CDATA[ a ]]>\n', ' a '],
    ['two sections and what stands between', '<![CDATA[a]]> <![CDATA[b]]>', 'a b'],
    ['text beside a section', 'x<![CDATA[a]]>', 'xa'],
    ['nothing', '', ''],
  ])('data in a request is %s', (_, content, text) => {
    expect(read(content)).toBe(text);
  });

  it('data in a request is its one element, with the nearest declaration of each prefix', () => {
    const text = read('<!-- c --><x:a xmlns:x="urn:x" xmlns:wps="urn:w"><b/></x:a> ') ?? '';
    expect(text).toMatch(/^<x:a [^>]*><b\/><\/x:a>$/);
    expect(
      [...text.matchAll(/xmlns:(\w+)="([^"]*)"/g)].map(([, name, uri]) => `${name}=${uri}`).sort(),
    ).toEqual([
      ...['ows=http://www.opengis.net/ows/1.1', 'wps=urn:w', 'x=urn:x'],
      'xlink=http://www.w3.org/1999/xlink',
    ]);
  });

  it('data in a request has the declaration that is nearest to it of those around it', () => {
    const body = input10(
      `${identifier}<wps:Data xmlns:p="urn:near"><wps:ComplexData><p:a/></wps:ComplexData></wps:Data>`,
    );
    const text = JSON.stringify(
      read10(Buffer.from(String(body).replace('service=', 'xmlns:p="urn:far" service=')))(),
    );
    expect(text).toContain('urn:near');
    expect(text).not.toContain('urn:far');
  });

  it('data in a request has only those attributes of WPS that have no namespace', () => {
    const body = input10(
      `${identifier}<wps:Data><wps:ComplexData f:mimeType="a/b" xmlns:f="urn:f">x</wps:ComplexData></wps:Data>`,
    );
    expect(read10(body)()).toMatchObject({
      inputs: [{ data: { kind: 'complex', content: { text: 'x' } } }],
    });
    expect(JSON.stringify(read10(body)())).not.toContain('mimeType');
  });

  it.each([
    ['two elements', '<a/><b/>', /holds 2 elements; allowed: one element, or text/],
    ['an element and text', '<a/>b', /holds an element and text; allowed/],
  ])('data in a request is refused if it is %s', (_, content, message) => {
    expect(exceptionOf(() => complex(content))).toMatchObject({
      ...{ code: 'InvalidParameterValue', locator: 'a', message: expect.stringMatching(message) },
    });
  });

  it('data in a request copies up to 4,096 characters of the declarations around it', () => {
    const around =
      'owshttp://www.opengis.net/ows/1.1wpshttp://www.opengis.net/wps/1.0.0xlinkhttp://www.w3.org/1999/xlink';
    const asked = (length: number) =>
      read10(
        Buffer.from(
          input10(`${identifier}<wps:Data><wps:ComplexData><a/></wps:ComplexData></wps:Data>`)
            .toString()
            .replace('service=', `xmlns:z="${'u'.repeat(length - around.length - 1)}" service=`),
        ),
      );
    expect(asked(4096)).not.toThrow();
    expect(exceptionOf(asked(4097))).toMatchObject({
      ...{ code: 'InvalidParameterValue', locator: 'a' },
      message: expect.stringContaining('4096 characters'),
    });
  });

  it('data in a request may be a box with white space around its numbers', () => {
    const body = input10(
      `${identifier}<wps:Data><wps:BoundingBoxData crs="urn:c" dimensions="2">\n<ows:LowerCorner> 1\n2 </ows:LowerCorner><ows:UpperCorner>3 4</ows:UpperCorner></wps:BoundingBoxData></wps:Data>`,
    );
    expect(read10(body)()).toMatchObject({
      inputs: [
        {
          data: { kind: 'bounding-box', crs: 'urn:c', dimensions: 2, lower: [1, 2], upper: [3, 4] },
        },
      ],
    });
  });
});

it('the documents of one schema are not read by the next one', () => {
  const schemaOf = (namespace: string, content: string) =>
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="urn:a" targetNamespace="${namespace}">${content}</xs:schema>`;
  const files = { 'a.xsd': schemaOf('urn:a', '<xs:element name="a" type="xs:string"/>') };
  const importing = schemaOf(
    'urn:b',
    '<xs:import namespace="urn:a" schemaLocation="a.xsd"/><xs:element name="b"><xs:complexType><xs:sequence><xs:element ref="a:a"/></xs:sequence></xs:complexType></xs:element>',
  );
  const both = { ...files, 'b.xsd': importing };
  expect(() => compileSchema(both, 'b.xsd').dispose()).not.toThrow();
  expect(() => compileSchema({ 'b.xsd': importing }, 'b.xsd')).toThrow();
});

describe('a processing instruction in a request', () => {
  const told = '<?xml-stylesheet href="a"?>';
  const everywhere = (body: Buffer) =>
    Buffer.from(String(body).replaceAll(/(<(wps|ows):[^>]*[^/]>)(?=\s*<)/g, `$1${told}`));

  it.each([
    [
      'of WPS 1.0.0 for capabilities',
      in10(
        'GetCapabilities',
        '<wps:AcceptVersions><ows:Version>1.0.0</ows:Version></wps:AcceptVersions>',
      ),
      read10,
    ],
    ['of WPS 1.0.0 for a process', in10('DescribeProcess', identifier, 'version="1.0.0"'), read10],
    [
      'of WPS 1.0.0 for a job',
      input10(`${identifier}<wps:Data><wps:LiteralData>1</wps:LiteralData></wps:Data>`),
      read10,
    ],
    ['of WPS 1.0.0 with a box', box10(`${lower}<ows:UpperCorner>3 4</ows:UpperCorner>`), read10],
    [
      'of WPS 2.0 for a job',
      execute20(
        '<wps:Input id="a"><wps:Data><wps:LiteralValue>1</wps:LiteralValue></wps:Data></wps:Input><wps:Output id="o"/>',
      ),
      read20,
    ],
    [
      'of WPS 2.0 for a status',
      in20('GetStatus', '<wps:JobID>j</wps:JobID>', 'version="2.0.0"'),
      read20,
    ],
  ] as const)(
    'a processing instruction in a request %s says nothing to the service',
    (_, body, read) => {
      const other = everywhere(body);
      expect(String(other)).toContain(told);
      expect(read(other)()).toEqual(read(body)());
    },
  );

  it.each([
    ['an element', '<a>1</a>', /^<a [^>]*>1<\/a>$/],
    ['characters', ' x ', /^ x $/],
    ['a section', '\n<![CDATA[ x ]]>', /^ x $/],
  ])('a processing instruction in data leaves %s as it is', (_, content, expected) => {
    const body = input10(
      `${identifier}<wps:Data><wps:ComplexData>${told}${content}</wps:ComplexData></wps:Data>`,
    );
    const request = read10(body)();
    const [input] = request.operation === 'Execute' ? request.inputs : [];
    expect(input?.data).toMatchObject({
      ...{ kind: 'complex', content: { text: expect.stringMatching(expected) } },
    });
  });
});

describe('an element of a request', () => {
  it('an element of a request is found by both its namespace and its name, and so is an attribute', () => {
    const document = XmlDocument.fromString(
      '<r xmlns:a="urn:a" xmlns:b="urn:b" a:p="1" p="2" b:q="3"><a:x>1</a:x><b:x>2</b:x><a:y>3</a:y><a:x>4</a:x></r>',
    );
    const { root } = document;
    const textsOf = (found: { readonly content: string }[]) => found.map(({ content }) => content);
    for (const find of [childLookup(root), childrenOf.bind(undefined, root)]) {
      expect(textsOf(find('urn:a', 'x'))).toEqual(['1', '4']);
      expect(textsOf(find('urn:b', 'x'))).toEqual(['2']);
      expect(textsOf(find('urn:b', 'y'))).toEqual([]);
      expect(textsOf(find('', 'x'))).toEqual([]);
    }
    expect(attribute(root, 'p')).toBe('2');
    expect(attribute(root, 'p', 'urn:a')).toBe('1');
    expect(attribute(root, 'q')).toBeUndefined();
    expect(attribute(root, 'q', 'urn:b')).toBe('3');
    document.dispose();
  });
});

describe('a fault that the request did not cause', () => {
  const request20 = in20('GetStatus', '<wps:JobID>j</wps:JobID>', 'version="2.0.0"');

  it('a failure to parse or to validate is no fault of the request', () => {
    const failure = new RangeError('out of memory');
    const failing = () => {
      throw failure;
    };
    const broken = [
      vi.spyOn(XmlDocument, 'fromBuffer').mockImplementation(failing),
      vi.spyOn(XsdValidator.prototype, 'validate').mockImplementation(failing),
    ];
    for (const spy of broken) {
      const reads = [read10(in10('GetCapabilities', '')), read20(request20)];
      for (const read of reads) expect(read).toThrow(failure);
      if (spy === broken[0]) expect(() => inlineXml(Buffer.from('<a/>'))).toThrow(failure);
      spy.mockRestore();
    }
    expect(read20(request20)()).toMatchObject({ jobId: 'j' });
  });

  it('a parser that says nothing of where the fault is has its own words repeated', () => {
    const spy = vi.spyOn(XmlDocument, 'fromBuffer').mockImplementation(() => {
      throw new XmlParseError('it is broken', []);
    });
    const { message } = exceptionOf(read20(request20));
    spy.mockRestore();
    expect(message).toBe('The request is not well-formed XML: it is broken (line 1).');
  });

  it('a validator that says nothing of the fault is believed', () => {
    const document = XmlDocument.fromString('<a/>');
    const { code, message, locator } = schemaFault([], namespaces, document);
    document.dispose();
    expect({ code, message, locator }).toEqual({
      code: 'InvalidParameterValue',
      message: 'The request is not valid at line 1: The request is not valid.',
      locator: undefined,
    });
  });

  it('an element that the schema should have required is a fault of the service', () => {
    expect(() => firstOf([])).toThrow('lacks an element');
  });
});
