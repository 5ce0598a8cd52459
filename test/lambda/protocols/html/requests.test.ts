import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { FormRequest } from '../../../../lambda/protocols/html/form/form-request.ts';
import { asJson } from '../../../../lambda/protocols/html/requests/as-json.ts';
import { asKvp } from '../../../../lambda/protocols/html/requests/as-kvp.ts';
import { asOwslib } from '../../../../lambda/protocols/html/requests/as-python.ts';
import { asWps1, asWps2 } from '../../../../lambda/protocols/html/requests/as-xml.ts';
import { pythonString, shellWord } from '../../../../lambda/protocols/html/requests/quote.ts';
import { decodeKvp } from '../../../../lambda/protocols/wps-1.0/decode-kvp.ts';
import { decodeXml } from '../../../../lambda/protocols/wps-1.0/decode-xml.ts';

/** Characters that quoting must preserve. */
const hostile = `a'b"c\\d$(e)\`f\`<g>&h;i=j@k,l\u00e9\u{1f986}`;

const request: FormRequest = {
  process: 'every:Thing',
  inputs: [
    { identifier: 'text', kind: 'literal', value: hostile },
    { identifier: 'text', kind: 'literal', value: 'second' },
    { identifier: 'length', kind: 'literal', value: '3.5', uom: 'ft' },
    { identifier: 'flag', kind: 'literal', value: 'true' },
    {
      identifier: 'area',
      kind: 'bounding-box',
      crs: 'urn:ogc:def:crs:OGC:1.3:CRS84',
      lower: [114, -33],
      upper: [116, -31],
    },
    {
      identifier: 'document',
      kind: 'complex',
      mimeType: 'text/xml',
      schema: 'https://example.org/document.xsd',
      content: { text: '<a b="c">&amp;</a>' },
    },
  ],
  outputs: [{ identifier: 'text', mimeType: 'application/json' }, { identifier: 'number' }],
};
const types = new Map([
  ['text', 'string'],
  ['length', 'double'],
  ['flag', 'boolean'],
]);

describe('a request as WPS 1.0.0 XML', () => {
  it('the request as WPS 1.0.0 XML is valid, and equals the form', () => {
    const decoded = decodeXml(Buffer.from(asWps1(request)), { maxBytes: 100_000 });
    expect(decoded).toMatchObject({ operation: 'Execute', identifier: 'every:Thing' });
    const { inputs } = decoded as { inputs?: readonly { identifier: string; data: unknown }[] };
    expect(inputs?.map(({ identifier }) => identifier)).toEqual(
      request.inputs.map(({ identifier }) => identifier),
    );
    expect(inputs?.[0]?.data).toMatchObject({ kind: 'literal', value: hostile });
    expect(inputs?.[4]?.data).toMatchObject({ lower: [114, -33], upper: [116, -31] });
  });
});

describe('a request as KVP', () => {
  it('the request as KVP equals the form, whatever separators the values contain', () => {
    const query = asKvp(request) ?? '';
    const decoded = decodeKvp(query) as {
      inputs?: readonly { identifier: string; data: { value?: string; uom?: string } }[];
    };
    expect(decoded.inputs?.map(({ data }) => data.value)).toEqual([
      hostile,
      'second',
      '3.5',
      'true',
      '114,-33,116,-31,urn:ogc:def:crs:OGC:1.3:CRS84',
      '<a b="c">&amp;</a>',
    ]);
  });

  it('there is no request as KVP if an input is a file', () => {
    const content = { name: 'a.nc', base64: 'AAAA' };
    const file = {
      identifier: 'document',
      kind: 'complex',
      mimeType: 'application/x-netcdf',
      content,
    } as const;
    expect(asKvp({ ...request, inputs: [file] })).toBeUndefined();
  });
});

describe('a request as JSON', () => {
  it('the request as JSON has typed values, lists, and units with their values', () => {
    expect(JSON.parse(asJson(request, types))).toEqual({
      inputs: {
        text: [hostile, 'second'],
        length: { value: { measurement: 3.5, uom: 'ft' } },
        flag: true,
        area: { bbox: [114, -33, 116, -31], crs: 'urn:ogc:def:crs:OGC:1.3:CRS84' },
        document: {
          value: '<a b="c">&amp;</a>',
          format: { mediaType: 'text/xml', schema: 'https://example.org/document.xsd' },
        },
      },
      outputs: { text: { format: { mediaType: 'application/json' } }, number: {} },
    });
  });

  it('the request as JSON leaves an invalid value as typed, for the service to say so', () => {
    const typed = { identifier: 'length', kind: 'literal', value: '3,5' } as const;
    const body = asJson({ ...request, inputs: [typed] }, types);
    expect(JSON.parse(body)).toMatchObject({ inputs: { length: '3,5' } });
  });
});

describe('a request for OWSLib', () => {
  it('the request for OWSLib is valid Python, whatever its texts contain', () => {
    const script = asOwslib(request, 'https://example.org/wps');
    const program = `import ast, json, sys
tree = ast.parse(sys.stdin.read())
print(json.dumps([n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]))`;
    const printed = execFileSync('python3', ['-c', program], { input: script, encoding: 'utf8' });
    const strings = JSON.parse(printed);
    expect(strings).toContain(hostile);
    expect(strings).toContain('every:Thing');
  });
});

/** Inputs of every form, with and without what may be left out. */
const forms: FormRequest['inputs'] = [
  { identifier: 'a"b', kind: 'literal', value: '1 < 2' },
  { identifier: 'n', kind: 'literal', value: '3', uom: 'm&s' },
  {
    ...{ identifier: 'area', kind: 'bounding-box', crs: 'urn:"x"' },
    ...{ lower: [114, -33], upper: [116, -31] },
  },
  { identifier: 'c', kind: 'complex', mimeType: 'a/b', content: { text: '<t>' } },
  {
    ...{ identifier: 'c', kind: 'complex', mimeType: 'a/b', encoding: 'utf-8', schema: 'urn:s' },
    content: { text: 't' },
  },
  {
    ...{ identifier: 'c', kind: 'complex', mimeType: 'a/b', schema: 'urn:s' },
    content: { href: 'https://example.org/?a=1&b=2' },
  },
  {
    ...{ identifier: 'c', kind: 'complex', mimeType: 'a/b', encoding: 'utf-8' },
    content: { name: 'c.bin', base64: 'AAE=' },
  },
];
const whole: FormRequest = {
  process: 'p&q',
  inputs: forms,
  outputs: [{ identifier: 'o"1', mimeType: 'text/csv' }, { identifier: 'n' }],
};
const least: FormRequest = { process: 'p', inputs: [], outputs: [] };

/** The lines of a document, without their indentation. */
const linesOf = (text: string) => text.split('\n').map((line) => line.trim());

describe('a request, line by line', () => {
  const corners = [
    '<ows:LowerCorner>114 -33</ows:LowerCorner>',
    '<ows:UpperCorner>116 -31</ows:UpperCorner>',
  ];
  const reference =
    '<wps:Reference xlink:href="https://example.org/?a=1&amp;b=2" mimeType="a/b" schema="urn:s"/>';
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

  it('a request as WPS 1.0.0 XML has each form of an input, and no list of inputs without any', () => {
    const input = (identifier: string, ...data: string[]) => [
      '<wps:Input>',
      `<ows:Identifier>${identifier}</ows:Identifier>`,
      ...data,
      '</wps:Input>',
    ];
    const start = (process: string) => [
      declaration,
      '<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink">',
      `<ows:Identifier>${process}</ows:Identifier>`,
    ];
    const response = (...outputs: string[]) => [
      ...['<wps:ResponseForm>', '<wps:ResponseDocument storeExecuteResponse="true" status="true">'],
      ...outputs,
      ...['</wps:ResponseDocument>', '</wps:ResponseForm>', '</wps:Execute>'],
    ];
    expect(linesOf(asWps1(whole))).toEqual([
      ...start('p&amp;q'),
      '<wps:DataInputs>',
      ...input('a&quot;b', '<wps:Data><wps:LiteralData>1 &lt; 2</wps:LiteralData></wps:Data>'),
      ...input('n', '<wps:Data><wps:LiteralData uom="m&amp;s">3</wps:LiteralData></wps:Data>'),
      ...input(
        'area',
        '<wps:Data><wps:BoundingBoxData crs="urn:&quot;x&quot;" dimensions="2">',
        ...corners,
        '</wps:BoundingBoxData></wps:Data>',
      ),
      ...input(
        'c',
        '<wps:Data><wps:ComplexData mimeType="a/b">&lt;t&gt;</wps:ComplexData></wps:Data>',
      ),
      ...input(
        'c',
        '<wps:Data><wps:ComplexData mimeType="a/b" schema="urn:s" encoding="utf-8">t</wps:ComplexData></wps:Data>',
      ),
      ...input('c', reference),
      ...input(
        'c',
        '<wps:Data><wps:ComplexData mimeType="a/b" encoding="base64">AAE=</wps:ComplexData></wps:Data>',
      ),
      '</wps:DataInputs>',
      ...response(
        '<wps:Output asReference="true" mimeType="text/csv">',
        '<ows:Identifier>o&quot;1</ows:Identifier>',
        '</wps:Output>',
        '<wps:Output asReference="true">',
        '<ows:Identifier>n</ows:Identifier>',
        '</wps:Output>',
      ),
    ]);
    expect(linesOf(asWps1(least))).toEqual([...start('p'), ...response()]);
  });

  it('a request as WPS 2.0 XML has each form of an input', () => {
    const input = (identifier: string, ...data: string[]) => [
      `<wps:Input id="${identifier}">`,
      ...data,
      '</wps:Input>',
    ];
    const start = (process: string) => [
      declaration,
      '<wps:Execute service="WPS" version="2.0.0" mode="async" response="document" xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" xmlns:xlink="http://www.w3.org/1999/xlink">',
      `<ows:Identifier>${process}</ows:Identifier>`,
    ];
    expect(linesOf(asWps2(whole))).toEqual([
      ...start('p&amp;q'),
      ...input('a&quot;b', '<wps:Data>1 &lt; 2</wps:Data>'),
      ...input('n', '<wps:Data><wps:LiteralValue uom="m&amp;s">3</wps:LiteralValue></wps:Data>'),
      ...input(
        'area',
        '<wps:Data><ows:BoundingBox crs="urn:&quot;x&quot;" dimensions="2">',
        ...corners,
        '</ows:BoundingBox></wps:Data>',
      ),
      ...input('c', '<wps:Data mimeType="a/b">&lt;t&gt;</wps:Data>'),
      ...input('c', '<wps:Data mimeType="a/b" schema="urn:s" encoding="utf-8">t</wps:Data>'),
      ...input('c', reference),
      ...input('c', '<wps:Data mimeType="a/b" encoding="base64">AAE=</wps:Data>'),
      '<wps:Output id="o&quot;1" transmission="reference" mimeType="text/csv"/>',
      '<wps:Output id="n" transmission="reference"/>',
      '</wps:Execute>',
    ]);
    expect(linesOf(asWps2(least))).toEqual([...start('p'), '</wps:Execute>']);
  });

  it('a request as KVP has each form of an input that a URL can hold', () => {
    const inputs = forms.slice(0, -1);
    expect(asKvp({ ...whole, inputs })?.split('&')).toEqual([
      ...['service=WPS', 'version=1.0.0', 'request=Execute', 'identifier=p%26q'],
      `DataInputs=${[
        'a%22b=1%20%3C%202',
        'n=3@uom=m%26s',
        'area=114%2C-33%2C116%2C-31%2Curn%3A%22x%22',
        'c=%3Ct%3E@mimeType=a%2Fb',
        'c=t@mimeType=a%2Fb',
        'c=@mimeType=a%2Fb@href=https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D2',
      ].join(';')}`,
      'ResponseDocument=o%221@asReference=true@mimeType=text%2Fcsv;n@asReference=true',
      ...['storeExecuteResponse=true', 'status=true'],
    ]);
    expect(asKvp(least)).toBe(
      'service=WPS&version=1.0.0&request=Execute&identifier=p&DataInputs=&storeExecuteResponse=true&status=true',
    );
    // One file is enough.
    expect(asKvp(whole)).toBeUndefined();
  });

  it('a request as JSON has each form of an input, and no more members than it needs', () => {
    const box = forms.find(({ kind }) => kind === 'bounding-box');
    if (box?.kind !== 'bounding-box') throw new Error('there is a box');
    const open = { ...box, lower: [Number.NaN, -33] };
    expect(JSON.parse(asJson({ ...whole, inputs: [...forms, open] }, types)).inputs).toEqual({
      'a"b': '1 < 2',
      n: { value: { measurement: '3', uom: 'm&s' } },
      area: [
        { bbox: [114, -33, 116, -31], crs: 'urn:"x"' },
        { bbox: [null, -33, 116, -31], crs: 'urn:"x"' },
      ],
      c: [
        { value: '<t>', format: { mediaType: 'a/b' } },
        { value: 't', format: { mediaType: 'a/b', encoding: 'utf-8', schema: 'urn:s' } },
        { href: 'https://example.org/?a=1&b=2', type: 'a/b' },
        { value: 'AAE=', format: { mediaType: 'a/b', encoding: 'base64' } },
      ],
    });
    expect(asJson(least, types)).toBe('{\n  "inputs": {}\n}');
  });

  it.each([
    ['7', 'integer', 7],
    ['-1.5e3', 'double', -1500],
    [' ', 'double', ' '],
    ['INF', 'double', 'INF'],
    ['1e999', 'double', '1e999'],
    ['true', 'boolean', true],
    ['false', 'boolean', false],
    ['1', 'boolean', '1'],
    ['7', 'string', '7'],
    ['7', undefined, '7'],
  ])('a request as JSON has %j as %s: %j', (value, type, expected) => {
    const input = { identifier: 'v', kind: 'literal', value } as const;
    const typed = new Map(type === undefined ? [] : [['v', type]]);
    const { inputs } = JSON.parse(asJson({ ...least, inputs: [input] }, typed));
    expect(inputs).toEqual({ v: expected });
  });

  it('a request for OWSLib has each form of an input, and imports only what it needs', () => {
    const box = forms.find(({ kind }) => kind === 'bounding-box');
    if (box?.kind !== 'bounding-box') throw new Error('there is a box');
    const open = { ...box, upper: [116, Number.NaN] };
    const script = (
      imports: string,
      process: string,
      inputs: readonly string[],
      outputs: readonly string[],
    ) =>
      [
        `from owslib.wps import WebProcessingService, monitorExecution${imports}`,
        '',
        'wps = WebProcessingService("https://example.org/wps")',
        'execution = wps.execute(',
        `    "${process}",`,
        '    inputs=[',
        ...inputs.map((line) => `        ${line},`),
        '    ],',
        '    output=[',
        ...outputs.map((line) => `        ${line},`),
        '    ],',
        '    mode="async",',
        ')',
        'monitorExecution(execution, sleepSecs=5)',
        'print(execution.status, execution.statusMessage)',
        'for output in execution.processOutputs:',
        '    output.writeToDisk(path="./")',
        '    print(output.identifier, output.filePath)',
      ].join('\n');
    const endpoint = 'https://example.org/wps';
    const complex = forms.slice(3);
    expect(asOwslib({ ...whole, inputs: [...forms.slice(0, 3), open] }, endpoint)).toBe(
      script(
        ', BoundingBoxDataInput',
        'p&q',
        [
          String.raw`("a\"b", "1 < 2")`,
          '("n", "3")',
          String.raw`("area", BoundingBoxDataInput([114, -33, 116, -31], crs="urn:\"x\""))`,
          String.raw`("area", BoundingBoxDataInput([114, -33, 116, None], crs="urn:\"x\""))`,
        ],
        [String.raw`("o\"1", True, "text/csv")`, '("n", True, None)'],
      ),
    );
    expect(asOwslib({ ...least, inputs: complex }, endpoint)).toBe(
      script(
        ', ComplexDataInput',
        'p',
        [
          '("c", ComplexDataInput("<t>", mimeType="a/b"))',
          '("c", ComplexDataInput("t", mimeType="a/b", encoding="utf-8", schema="urn:s"))',
          '("c", "https://example.org/?a=1&b=2")',
          '("c", ComplexDataInput("AAE=", mimeType="a/b", encoding="base64"))',
        ],
        [],
      ),
    );
    expect(asOwslib(least, endpoint)).toBe(script('', 'p', [], []));
  });
});

describe('quoting', () => {
  it('quoting for the shell keeps a word together and unchanged', () => {
    const printed = execFileSync('sh', ['-c', `printf %s ${shellWord(hostile)}`], {
      encoding: 'utf8',
    });
    expect(printed).toBe(hostile);
  });

  it('quoting for Python keeps characters beyond the basic plane', () => {
    const printed = execFileSync('python3', ['-c', `print(ascii(${pythonString('\u{1f986}')}))`], {
      encoding: 'utf8',
    });
    expect(printed.trim()).toBe(String.raw`'\U0001f986'`);
  });
});
