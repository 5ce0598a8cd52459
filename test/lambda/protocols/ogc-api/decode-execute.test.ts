import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../../batch-jobs/api/job.ts';
import type { ExecuteCommand, InputData } from '../../../../lambda/operations/execute-command.ts';
import {
  decodeExecute,
  decodePartly,
} from '../../../../lambda/protocols/ogc-api/decode-execute.ts';
import { parsePrefer } from '../../../../lambda/protocols/ogc-api/prefer.ts';
import { ServiceFault } from '../../../../lambda/service-fault.ts';
import { everything, giveBack } from '../../../test-catalogue.ts';

it('an execute request passes on the key that makes one job of two requests', () => {
  const received = { body: Buffer.from('{}'), preferences: {}, idempotencyKey: 'a-1' };
  expect(decodeExecute(everything, received).idempotencyKey).toBe('a-1');
});

function decode(request: JsonValue | Uint8Array, prefer?: string): ExecuteCommand {
  const body = request instanceof Uint8Array ? request : Buffer.from(JSON.stringify(request));
  return decodeExecute(everything, { body, preferences: parsePrefer(prefer) });
}

function dataOf(inputs: Record<string, JsonValue>): InputData[] {
  return decode({ inputs }).inputs.map(({ data }) => data);
}

function faultOf(request: JsonValue | Uint8Array): ServiceFault {
  try {
    decode(request);
  } catch (error) {
    if (error instanceof ServiceFault) return error;
    throw error;
  }
  throw new Error('it was taken');
}

const faultOfInput = (identifier: string, value: JsonValue) =>
  faultOf({ inputs: { [identifier]: value } });

it('a value in a format that is not offered is passed on as JSON, for the operation to refuse', () => {
  expect(dataOf({ document: { value: 'a', mediaType: 'x/y' } })).toStrictEqual([
    { kind: 'complex', mimeType: 'x/y', content: { text: '"a"' } },
  ]);
});

it.each([
  [['red'], 'invalid-value'],
  [['red', 'green'], undefined],
])(
  'a list given for an input that takes one value is that value or several: %j',
  (choice, kind) => {
    // The operation refuses several.
    if (kind === undefined) expect(dataOf({ choice })).toHaveLength(2);
    else expect(faultOfInput('choice', choice)).toMatchObject({ kind, subject: 'choice' });
  },
);

describe('a literal in an execute request', () => {
  it('a literal in an execute request has its JSON type, plain or qualified', () => {
    expect(
      dataOf({ text: 'a', count: 5, length: 2.5, flag: true, day: '2017-02-03' }),
    ).toStrictEqual([
      { kind: 'literal', value: 'a' },
      { kind: 'literal', value: '5' },
      { kind: 'literal', value: '2.5' },
      { kind: 'literal', value: 'true' },
      { kind: 'literal', value: '2017-02-03' },
    ]);
    expect(dataOf({ count: { value: 5 } })).toStrictEqual([{ kind: 'literal', value: '5' }]);
  });

  it('a literal in an execute request is refused in another JSON type, by the name of the input', () => {
    const wrong: [string, JsonValue, RegExp][] = [
      ['text', 5, /^Input "text" is the number 5; allowed: a JSON string\.$/],
      ['count', '5', /^Input "count" is the string "5"; allowed: a JSON integer/],
      ['count', 5.5, /a JSON integer/],
      ['length', true, /^Input "length" is the boolean true; allowed: a JSON number\.$/],
      ['flag', 'true', /^Input "flag" is the string "true"; allowed: true or false\.$/],
      ['day', null, /^Input "day" is null; allowed: a JSON string with a date/],
      ['instant', { a: 1 }, /^Input "instant" is an object;/],
      ['count', [1], /^Input "count" is an array;/],
    ];
    for (const [identifier, value, text] of wrong) {
      expect(faultOfInput(identifier, value)).toMatchObject({
        kind: 'invalid-value',
        subject: identifier,
        message: expect.stringMatching(text),
      });
    }
  });

  it('a literal in an execute request is refused if JSON would silently change it', () => {
    const body = Buffer.from('{"inputs": {"count": 12345678901234567890}}');
    expect(faultOf(body)).toMatchObject({ subject: 'count', kind: 'invalid-value' });
  });

  it('a literal in an execute request has a unit as a measurement', () => {
    const measure = { kind: 'literal', value: '3', uom: 'ft' };
    expect(dataOf({ length: { measurement: 3, uom: 'ft' } })).toStrictEqual([measure]);
    expect(dataOf({ length: { value: { measurement: 3, uom: 'ft' } } })).toStrictEqual([measure]);
    expect(dataOf({ length: { value: 3, uom: 'ft' } })).toStrictEqual([measure]);
  });

  it('a repeatable literal in an execute request is one value or an array', () => {
    const [a, b] = ['a', 'b'].map((value) => ({ kind: 'literal', value }));
    expect(dataOf({ text: 'a' })).toStrictEqual([a]);
    expect(dataOf({ text: ['a'] })).toStrictEqual([a]);
    expect(dataOf({ text: ['a', { value: 'b' }] })).toStrictEqual([a, b]);
  });
});

describe('a bounding box in an execute request', () => {
  const crs = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

  it('a bounding box in an execute request has its corners in four or six numbers', () => {
    expect(dataOf({ area: { bbox: [1, 2, 3, 4] } })).toStrictEqual([
      { kind: 'bounding-box', lower: [1, 2], upper: [3, 4] },
    ]);
    expect(dataOf({ area: { value: { bbox: [1, 2, 3, 4, 5, 6] } } })).toStrictEqual([
      { kind: 'bounding-box', lower: [1, 2, 3], upper: [4, 5, 6] },
    ]);
  });

  it.each([
    [crs, 'urn:ogc:def:crs:OGC:1.3:CRS84'],
    ['https://www.opengis.net/def/crs/OGC/1.3/CRS84', 'urn:ogc:def:crs:OGC:1.3:CRS84'],
    ['CRS:84', 'urn:ogc:def:crs:OGC:1.3:CRS84'],
    ['urn:ogc:def:crs:EPSG::4326', 'urn:ogc:def:crs:EPSG:6.6:4326'],
    ['http://www.opengis.net/def/crs/EPSG/0/4326', 'urn:ogc:def:crs:EPSG:6.6:4326'],
    ['EPSG:4326', 'urn:ogc:def:crs:EPSG:6.6:4326'],
    ['EPSG:3577', 'EPSG:3577'],
  ])('a bounding box in an execute request may name its system as %s', (named, offered) => {
    expect(dataOf({ area: { bbox: [1, 2, 3, 4], crs: named } })).toMatchObject([{ crs: offered }]);
  });

  it('a bounding box in an execute request is refused with another number of values or other types', () => {
    for (const bbox of [
      [1, 2, 3],
      [1, 2, 3, 4, 5],
      [1, 2, 3, '4'],
      [1, 2, 3, null],
    ]) {
      expect(faultOfInput('area', { bbox })).toMatchObject({ subject: 'area' });
    }
    expect(faultOfInput('area', [1, 2, 3, 4])).toMatchObject({ subject: 'area' });
    expect(faultOfInput('area', '1,2,3,4')).toMatchObject({ subject: 'area' });
  });
});

describe('complex data in an execute request', () => {
  it('complex data in an execute request is plain text in the default format', () => {
    expect(dataOf({ document: 'a < b' })).toStrictEqual([
      { kind: 'complex', mimeType: 'text/plain', content: { text: 'a < b' } },
    ]);
  });

  it('complex data in an execute request has the format beside the value or in a member "format"', () => {
    const xml = { kind: 'complex', mimeType: 'text/xml', content: { text: '<a/>' } };
    expect(dataOf({ document: { value: '<a/>', mediaType: 'text/xml' } })).toStrictEqual([xml]);
    expect(
      dataOf({ document: { value: '<a/>', format: { mediaType: 'TEXT/XML' } } }),
    ).toStrictEqual([xml]);
    expect(
      dataOf({ document: { value: '<a/>', mediaType: 'text/xml; charset=UTF-8' } }),
    ).toStrictEqual([xml]);
  });

  it('complex data in an execute request may be JSON itself, object or array', () => {
    const json = (text: string) => ({
      kind: 'complex',
      mimeType: 'application/json',
      content: { text },
    });
    expect(dataOf({ document: { value: { a: [1, 2.5, 'x'] } } })).toStrictEqual([
      json('{"a":[1,2.5,"x"]}'),
    ]);
    // The standard requires a qualified value for an object. Many clients send the bare object.
    expect(dataOf({ document: { type: 'Point', coordinates: [1, 2] } })).toStrictEqual([
      json('{"type":"Point","coordinates":[1,2]}'),
    ]);
    expect(
      dataOf({ document: { value: ' {"a": 1.0}', mediaType: 'application/json' } }),
    ).toStrictEqual([json(' {"a": 1.0}')]);
    expect(dataOf({ document: { value: 'words', mediaType: 'application/json' } })).toStrictEqual([
      json('"words"'),
    ]);
  });

  it('complex data in an execute request is base64 if its format is binary or it says so', () => {
    const netcdf = { value: 'AAEC', mediaType: 'application/x-netcdf' };
    expect(dataOf({ document: netcdf })).toStrictEqual([
      { kind: 'complex', mimeType: 'application/x-netcdf', content: { base64: 'AAEC' } },
    ]);
    expect(
      dataOf({ document: { value: 'AAEC', mediaType: 'text/xml', encoding: 'base64' } }),
    ).toStrictEqual([
      { kind: 'complex', mimeType: 'text/xml', encoding: 'base64', content: { base64: 'AAEC' } },
    ]);
    expect(dataOf({ document: { value: 'AAEC', encoding: 'base64' } })).toMatchObject([
      { mimeType: 'application/x-netcdf', content: { base64: 'AAEC' } },
    ]);
  });

  it('complex data in an execute request is refused as JSON in an unknown format', () => {
    expect(faultOfInput('document', { value: { a: 1 }, mediaType: 'text/xml' })).toMatchObject({
      subject: 'document',
      message: expect.stringMatching(/is an object; allowed: a string with its content, for media/),
    });
  });

  it('complex data in an execute request with an href is a reference', () => {
    const reference = {
      kind: 'reference',
      mimeType: 'text/xml',
      href: 'https://example.org/a',
      method: 'GET',
      headers: [],
    };
    const href = 'https://example.org/a';
    expect(dataOf({ document: { href, type: 'text/xml' } })).toStrictEqual([reference]);
    expect(dataOf({ document: { href, format: { mediaType: 'text/xml' } } })).toStrictEqual([
      reference,
    ]);
  });

  it('complex data in an execute request may be repeated, and otherwise an array is one JSON value', () => {
    expect(dataOf({ document: [['a'], { value: 'b' }] })).toMatchObject([
      { content: { text: '["a"]' } },
      { content: { text: 'b' } },
    ]);
    const body = Buffer.from('{"inputs": {"document": [1, 2]}}');
    const once = decodeExecute(
      {
        ...giveBack,
        inputs: giveBack.inputs.map((input) => ({ ...input, maxOccurs: 1 })),
      },
      { body, preferences: {} },
    );
    expect(once.inputs).toMatchObject([{ data: { content: { text: '[1,2]' } } }]);
  });
});

describe('the other members of an execute request', () => {
  it("an execute request's outputs have a format and a transmission mode", () => {
    expect(
      decode({
        outputs: {
          text: { format: { mediaType: 'text/xml' }, transmissionMode: 'reference' },
          grid: {},
        },
      }).outputs,
    ).toStrictEqual([
      { identifier: 'text', mimeType: 'text/xml', transmission: 'reference' },
      { identifier: 'grid' },
    ]);
    expect(decode({}).outputs).toStrictEqual([]);
    expect(decode({ outputs: {} }).outputs).toStrictEqual([]);
    const nothing = decode({ outputs: null, subscriber: null, labels: null });
    expect({ ...nothing, received: undefined }).toStrictEqual({
      ...decode({}),
      received: undefined,
    });
  });

  it('an execute request names encoding and schema of a format, next to the value or in "format"', () => {
    const format = { mediaType: 'text/xml', encoding: 'utf-8', schema: 'urn:s' };
    const chosen = { mimeType: 'text/xml', encoding: 'utf-8', schema: 'urn:s' };
    expect(decode({ outputs: { text: { format } } }).outputs).toStrictEqual([
      { identifier: 'text', ...chosen },
    ]);
    const data = [{ kind: 'complex', ...chosen, content: { text: '<a/>' } }];
    expect(dataOf({ document: { value: '<a/>', ...format } })).toStrictEqual(data);
    const within = { value: '<a/>', mediaType: 'text/plain', schema: 'urn:t', format };
    expect(dataOf({ document: within })).toStrictEqual(data);
    expect(dataOf({ document: { href: 'https://example.org/', format } })).toMatchObject([chosen]);
  });

  it("an empty schema or encoding of an execute request's output counts as none", () => {
    const format = { mediaType: 'text/xml', schema: '', encoding: ' ' };
    expect(decode({ outputs: { text: { format } } }).outputs).toStrictEqual([
      { identifier: 'text', mimeType: 'text/xml' },
    ]);
  });

  it('an execute request without "response" asks for raw results', () => {
    expect(decode({}).presentation).toStrictEqual({ protocol: 'ogc-api', response: 'raw' });
    expect(decode({ response: 'document' }).presentation).toMatchObject({ response: 'document' });
    expect(faultOf({ response: 'xml' })).toMatchObject({ subject: 'response' });
  });

  it("an execute request's subscriber has one or more URIs", () => {
    const successUri = 'https://example.org/done';
    expect(decode({ subscriber: { successUri } }).subscriber).toStrictEqual({ successUri });
    expect(faultOf({ subscriber: { successUrl: successUri } })).toMatchObject({
      subject: 'subscriber',
      message: expect.stringContaining('successUrl'),
    });
    expect(faultOf({ subscriber: { failedUri: 5 } })).toMatchObject({
      subject: 'subscriber/failedUri',
    });
  });

  it("an execute request's labels are each kept once", () => {
    expect(decode({ labels: ['a', ' b ', 'a'] }).labels).toStrictEqual(['a', 'b']);
    for (const labels of ['a', [''], ['a\nb'], ['x'.repeat(101)], Array(21).fill('a')]) {
      expect(faultOf({ labels })).toMatchObject({ subject: 'labels' });
    }
  });

  it.each([
    [undefined, 'sync', undefined],
    ['respond-sync', 'sync', undefined],
    ['respond-async', 'async', undefined],
    ['respond-async, wait=10', 'auto', 10],
    ['wait=5; foo', 'sync', 5],
    ['handling=lenient, Respond-Async;x="a"', 'async', undefined],
    ['respond-asynchronously', 'sync', undefined],
  ])('an execute request with header Prefer: %s asks for %s', (prefer, mode, waitSeconds) => {
    const command = decode({}, prefer);
    expect([command.mode, command.waitSeconds]).toStrictEqual([mode, waitSeconds]);
  });
});

describe('the bounds of an execute request', () => {
  it('the bounds of an execute request let twenty labels of a hundred characters pass', () => {
    const labels = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(100, 'x'));
    expect(decode({ labels }).labels).toStrictEqual(labels);
  });

  it('the bounds of an execute request let a thousand values pass, for the operation to count', () => {
    expect(dataOf({ text: Array(1_000).fill('a') })).toHaveLength(1_000);
  });

  it.each(['INF', '-INF', 'NaN'])(
    'the bounds of an execute request contain the number %s',
    (value) => {
      expect(dataOf({ length: value })).toStrictEqual([{ kind: 'literal', value }]);
    },
  );

  it('the bounds of an execute request contain no null for a document', () => {
    expect(faultOfInput('document', null)).toMatchObject({ subject: 'document' });
  });
});

describe('the format of a value in an execute request', () => {
  const chosenOf = (mimeTypes: readonly [string, ...string[]], value: JsonValue) => {
    const [first, ...others] = mimeTypes.map((mimeType) => ({ mimeType, extension: '.x' }));
    const inputs = giveBack.inputs.map((input) =>
      input.kind === 'complex' && first
        ? { ...input, formats: [first, ...others] as const }
        : input,
    );
    const body = Buffer.from(JSON.stringify({ inputs: { document: value } }));
    const [input] = decodeExecute({ ...giveBack, inputs }, { body, preferences: {} }).inputs;
    return input?.data.kind === 'complex' ? input.data.mimeType : undefined;
  };

  it.each([
    [['application/json', 'text/csv', 'text/plain'], 'a', 'text/plain'],
    [['application/json', 'image/png', 'text/csv'], 'a', 'text/csv'],
    [['application/json', 'image/png'], 'a', 'application/json'],
    [['text/csv', 'text/plain'], 'a', 'text/csv'],
    [['text/csv', 'application/json'], { a: 1 }, 'application/json'],
    [
      ['image/tiff; application=geotiff'],
      { value: 'AA==', mediaType: 'image/tiff;application=geotiff' },
      'image/tiff; application=geotiff',
    ],
  ] as const)(
    'the format of a value in an execute request is, of %j for %j, %s',
    (types, value, chosen) => {
      expect(chosenOf(types, value)).toBe(chosen);
    },
  );
});

describe('an unfinished execute request', () => {
  it('an unfinished execute request has up to a hundred faults listed, and its readable parts', () => {
    const outputs = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`o${index}`, 3]));
    const body = Buffer.from(
      JSON.stringify({ inputs: { count: 1, flag: 'x' }, outputs: { ...outputs, text: {} } }),
    );
    const { command, faults } = decodePartly(everything, body);
    expect(command).toStrictEqual({
      process: 'every:Thing',
      inputs: [{ identifier: 'count', data: { kind: 'literal', value: '1' } }],
      outputs: [{ identifier: 'text' }],
    });
    expect(faults).toHaveLength(100);
    expect(faults.slice(0, 2).map(({ subject }) => subject)).toStrictEqual(['flag', 'outputs/o0']);
  });
});

describe('an execute request at fault', () => {
  it.each(['inputs', 'outputs'])(
    'an execute request is refused before its members are read if %s has thousands',
    (name) => {
      const many = Array.from({ length: 1_001 }, (_, index) => [`m${index}`, {}]);
      expect(faultOf({ [name]: Object.fromEntries(many) })).toMatchObject({
        kind: 'too-large',
        subject: name,
        message: `Member "${name}" has 1001 members; allowed: up to 1000.`,
      });
      expect(() => decode({ [name]: Object.fromEntries(many.slice(0, 1_000)) })).not.toThrow();
    },
  );

  it('an execute request is refused before its values are read if an input has thousands too many', () => {
    const fault = faultOfInput('count', Array(1_001).fill('no number'));
    expect(fault.all).toHaveLength(1);
    expect(fault).toMatchObject({ kind: 'too-many-inputs', subject: 'count' });
  });

  it('an execute request is refused with all its faults at once', () => {
    const fault = faultOf({
      inputs: { count: 'x', flag: 1 },
      outputs: { text: { transmissionMode: 'post' } },
      response: 5,
    });
    expect(fault.all.map(({ subject }) => subject)).toStrictEqual([
      'count',
      'flag',
      'outputs/text/transmissionMode',
      'response',
    ]);
  });

  it.each([
    ['', /is empty/],
    ['{', /is not well-formed JSON/],
    ['[1]', /is an array; allowed: a JSON object/],
    ['"a"', /is the string "a"/],
    [
      '{"inputs": [1]}',
      /^Member "inputs" is an array; allowed: an object with a member per input\.$/,
    ],
    ['{"outputs": [1]}', /^Member "outputs" is an array; allowed: an object with a member per out/],
    [
      '{"outputs": {"o": 1}}',
      /^Member "outputs\/o" is the number 1; allowed: an object with "format"/,
    ],
    [
      '{"outputs": {"o": {"transmissionMode": "both"}}}',
      /^Member "outputs\/o\/transmissionMode" is the string "both"; allowed: "value" or "reference"\.$/,
    ],
    [
      '{"response": "xml"}',
      /^Member "response" is the string "xml"; allowed: "raw" or "document"\.$/,
    ],
    [
      '{"subscriber": 1}',
      /^Member "subscriber" is the number 1; allowed: an object with "successUri"/,
    ],
    [
      '{"subscriber": {}}',
      /^Member "subscriber" has no member; allowed: successUri, inProgressUri, failedUri, at least one/,
    ],
    [
      '{"subscriber": {"a": 1, "b": 2}}',
      /^Member "subscriber" has a, b; allowed: successUri, inProgressUri, failedUri, at least one/,
    ],
    [
      '{"subscriber": {"successUri": 1}}',
      /^Member "subscriber\/successUri" is the number 1; allowed: a URI/,
    ],
    [
      '{"labels": "a"}',
      /^Member "labels" is the string "a"; allowed: an array of up to 20 strings of 1 to 100 characters\.$/,
    ],
    [`{"inputs":${'['.repeat(200)}${']'.repeat(200)}}`, /nests arrays and objects more than 100/],
  ])('an execute request is refused with the reason: %s', (body, text) => {
    expect(faultOf(Buffer.from(body)).message).toMatch(text);
  });

  it('an execute request must be in UTF-8, and may have a byte order mark', () => {
    expect(faultOf(Buffer.from('{"inputs": {"text": "é"}}', 'latin1')).message).toMatch(/UTF-8/);
    expect(decode(Buffer.from('\ufeff{"inputs": {"text": "é"}}')).inputs).toHaveLength(1);
  });

  it('an execute request is read quickly and safely, however deeply it is nested', () => {
    expect(faultOf(Buffer.from('['.repeat(1_000_000))).message).toMatch(/nests/);
    expect(faultOf(Buffer.from('{"a":'.repeat(500_000))).message).toMatch(/nests/);
  });

  it('names of JavaScript are not members of an execute request', () => {
    const command = decode(
      Buffer.from('{"__proto__": {"response": "document"}, "inputs": {"constructor": "a"}}'),
    );
    expect(command.presentation).toMatchObject({ response: 'raw' });
    expect(command.inputs).toMatchObject([{ identifier: 'constructor' }]);
  });
});
