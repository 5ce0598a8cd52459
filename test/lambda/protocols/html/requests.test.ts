import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { FormRequest } from '../../../../lambda/protocols/html/form/form-request.ts';
import { asJson } from '../../../../lambda/protocols/html/requests/as-json.ts';
import { asKvp } from '../../../../lambda/protocols/html/requests/as-kvp.ts';
import { asOwslib } from '../../../../lambda/protocols/html/requests/as-python.ts';
import { asWps1 } from '../../../../lambda/protocols/html/requests/as-xml.ts';
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
