import { describe, expect, it } from 'vitest';
import type {
  InputDescription,
  LiteralInput,
} from '../../../../batch-jobs/api/process-description.ts';
import {
  controlInstant,
  degreesOf,
  extentOf,
  extentText,
  instantOf,
  isUnfinished,
} from '../../../../lambda/protocols/html/form/extent.ts';
import { formCommand } from '../../../../lambda/protocols/html/form/form-command.ts';
import { placeFaults } from '../../../../lambda/protocols/html/form/form-fault.ts';
import {
  type FormInput,
  formatKey,
  latitudeFirst,
  readForm,
} from '../../../../lambda/protocols/html/form/form-request.ts';
import { isForMail } from '../../../../lambda/protocols/html/form/private-input.ts';
import { readBody, textOfFile } from '../../../../lambda/protocols/html/form/read-body.ts';
import {
  startingValues,
  valuesOfJob,
} from '../../../../lambda/protocols/html/form/starting-values.ts';
import {
  strideOf,
  strideText,
  wholeStride,
} from '../../../../lambda/protocols/html/form/stride.ts';
import { everything } from '../../../test-catalogue.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the body of a sent form', () => {
  const read = (body: Uint8Array | string, type?: string, most = 10_000) =>
    readBody(
      {
        ...{ method: 'POST', path: '/', query: '', body: Buffer.from(body) },
        headers: type === undefined ? {} : { 'content-type': type },
      },
      most,
    );
  const urlencoded = 'application/x-www-form-urlencoded';

  it('the body of a sent form has its values in their order, with plain line ends', async () => {
    const { values, files } = await read('a=1&b=x%0D%0Ay%0D%0Az&a=2', urlencoded);
    expect([...values]).toEqual([
      ['a', '1'],
      ['b', 'x\ny\nz'],
      ['a', '2'],
    ]);
    expect(files.size).toBe(0);
  });

  it('the body of a sent form with files has those that were chosen, by their inputs', async () => {
    const part = (disposition: string, content: string) =>
      `--cut\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
    const body = [
      part('name="input.text"', 'é'),
      part('name="file.document"; filename="a.txt"', 'one'),
      // A browser sends this for a control in which no file was chosen.
      part('name="file.none"; filename=""', ''),
      part('name="file.empty"; filename="empty.txt"', ''),
      part('name="file.nameless"; filename=""', 'x'),
      part('name="other"; filename="x.txt"', 'x'),
      part('name="file.document"; filename="b.txt"', 'two'),
    ];
    const type = 'multipart/form-data; boundary=cut';
    const { values, files } = await read(`${body.join('')}--cut--\r\n`, type);
    expect([...values]).toEqual([['input.text', 'é']]);
    expect([...files]).toEqual([
      [
        'document',
        [
          { name: 'a.txt', base64: base64('one') },
          { name: 'b.txt', base64: base64('two') },
        ],
      ],
      ['empty', [{ name: 'empty.txt', base64: '' }]],
      ['nameless', [{ name: '', base64: base64('x') }]],
    ]);
  });

  it.each([
    ['Application/X-WWW-Form-Urlencoded'],
    [`${urlencoded}; charset=utf-8`],
    [`${urlencoded} ; charset=utf-8`],
  ])('the body of a sent form is read by the type %s', async (type) => {
    expect((await read('a=1', type)).values.get('a')).toBe('1');
  });

  it.each([
    [undefined, 'a=1', 'The request is no form.'],
    ['text/plain', 'a=1', 'The request is no form.'],
    [`${urlencoded}s`, 'a=1', 'The request is no form.'],
    [`text/plain; as=${urlencoded}`, 'a=1', 'The request is no form.'],
    ['multipart/form-data; boundary=x', 'no part', 'The form cannot be read.'],
    ['multipart/form-data', 'no part', 'The form cannot be read.'],
  ])('the body of a sent form of type %s is refused: %s', async (type, body, message) => {
    await expect(read(body, type)).rejects.toMatchObject({ kind: 'invalid-value', message });
  });

  it('the body of a sent form may be as large as a request, to the byte', async () => {
    expect((await read('a=12', urlencoded, 4)).values.get('a')).toBe('12');
    await expect(read('a=12', urlencoded, 3)).rejects.toMatchObject({
      kind: 'too-large',
      message: 'The form is larger than 3 bytes. Give large data by an address to fetch it from.',
    });
  });

  it('a file is text only if its bytes are', () => {
    expect(textOfFile({ name: 'a', base64: base64('é') })).toBe('é');
    expect(textOfFile({ name: 'a', base64: '/w==' })).toBeUndefined();
  });
});

describe('the command of a form', () => {
  const data = (input: FormInput) => {
    const received = { body: '', contentType: 'a/b' };
    return formCommand({ process: 'p', inputs: [input], outputs: [] }, received).inputs[0]?.data;
  };

  it('the command of a form is a job of its own, with outputs to fetch', () => {
    const received = { body: 'a=1', contentType: 'a/b' };
    const outputs = [{ identifier: 'o', mimeType: 'text/csv' }, { identifier: 'n' }];
    expect(formCommand({ process: 'p', inputs: [], outputs }, received)).toEqual({
      ...{ process: 'p', inputs: [], mode: 'async', presentation: { protocol: 'html' }, received },
      outputs: [
        { identifier: 'o', mimeType: 'text/csv', transmission: 'reference' },
        { identifier: 'n', transmission: 'reference' },
      ],
    });
  });

  const complex = { identifier: 'c', kind: 'complex', mimeType: 'a/b', schema: 'urn:s' } as const;
  const format = { mimeType: 'a/b', schema: 'urn:s' };
  it.each<[string, FormInput, unknown]>([
    ['a value', { identifier: 'v', kind: 'literal', value: '1' }, { kind: 'literal', value: '1' }],
    [
      'a value with its unit',
      { identifier: 'v', kind: 'literal', value: '1', uom: 'm' },
      { kind: 'literal', value: '1', uom: 'm' },
    ],
    [
      'a box',
      { identifier: 'b', kind: 'bounding-box', crs: 'urn:c', lower: [1, 2], upper: [3, 4] },
      { kind: 'bounding-box', crs: 'urn:c', lower: [1, 2], upper: [3, 4] },
    ],
    [
      'a text',
      { ...complex, content: { text: 't' } },
      { kind: 'complex', ...format, content: { text: 't' } },
    ],
    [
      'an address',
      { ...complex, content: { href: 'https://example.org/' } },
      { kind: 'reference', ...format, href: 'https://example.org/', method: 'GET', headers: [] },
    ],
    [
      'a file of text, as text',
      { ...complex, content: { name: 'a', base64: base64('é') } },
      { kind: 'complex', ...format, content: { text: 'é' } },
    ],
    [
      'a file of bytes, as they are',
      { ...complex, content: { name: 'a', base64: '/w==' } },
      { kind: 'complex', ...format, content: { base64: '/w==' } },
    ],
    [
      'a file of text in a format in base64, as its bytes',
      { ...complex, encoding: 'base64', content: { name: 'a', base64: base64('é') } },
      { kind: 'complex', ...format, encoding: 'base64', content: { base64: base64('é') } },
    ],
  ])('the command of a form has %s', (_, input, expected) => {
    expect(data(input)).toEqual(expected);
  });

  it('the faults of a form are at their inputs and outputs, and those of nothing in it elsewhere', () => {
    const { at, elsewhere } = placeFaults(everything, [
      { kind: 'invalid-value', subject: 'text', text: 'first' },
      { kind: 'invalid-value', text: 'of nothing' },
      { kind: 'invalid-value', subject: 'grid', text: 'of an output' },
      { kind: 'invalid-value', subject: 'nowhere', text: 'of what is not there' },
      { kind: 'invalid-value', subject: 'text', text: 'second' },
    ]);
    expect([...at]).toEqual([
      ['text', ['first', 'second']],
      ['grid', ['of an output']],
    ]);
    expect(elsewhere).toEqual(['of nothing', 'of what is not there']);
  });

  it.each([
    [{ mail: 'recipients' }, true],
    [{ mail: 'parameters' }, true],
    [{ mail: 'named' }, false],
    [{}, false],
    [{ kind: 'complex', mail: 'recipients' }, false],
  ])('an input that is %j may contain addresses of people: %s', (change, isPrivate) => {
    const input = { ...everything.inputs[0], ...change } as InputDescription;
    expect(isForMail(input)).toBe(isPrivate);
  });
});

describe('the parts of a form', () => {
  it.each([
    ['143,5', '143.5'],
    ['-3,25', '-3.25'],
    [' +180,0 ', ' +180.0 '],
    ['1000,5', '1000,5'],
    ['1,', '1,'],
    [',5', ',5'],
    ['1,5,6', '1,5,6'],
    ['x1,5', 'x1,5'],
    ['1,5x', '1,5x'],
    ['1.5', '1.5'],
  ])('degrees may have a comma: %j is %j', (text, degrees) => {
    expect(degreesOf(text)).toBe(degrees);
  });

  it.each([
    ['2024-01-15T06:00', '2024-01-15T06:00:00Z'],
    [' 2024-01-15T06:00 ', '2024-01-15T06:00:00Z'],
    ['2024-01-15T06:00:30', '2024-01-15T06:00:30Z'],
    ['2024-01-15T06:00:30.25', '2024-01-15T06:00:30.25Z'],
    ['12024-01-15T06:00', '12024-01-15T06:00:00Z'],
    ['2024-01-15', '2024-01-15'],
    ['2024-01-15T06:00Z', '2024-01-15T06:00Z'],
    ['at 2024-01-15T06:00', 'at 2024-01-15T06:00'],
    ['024-01-15T06:00', '024-01-15T06:00'],
  ])('the control with %j stands for the instant %j', (control, instant) => {
    expect(instantOf(control)).toBe(instant);
  });

  it.each([
    ['', ''],
    ['2024-01-15', '2024-01-15T00:00:00'],
    ['2024-01-15T06:00:00Z', '2024-01-15T06:00'],
    ['2024-01-15T06:00:30Z', '2024-01-15T06:00:30'],
    ['2024-01-15T06:00:00.500Z', '2024-01-15T06:00:00.500'],
    ['2024-01-15T06:00', '2024-01-15T06:00'],
    ['2024-01-15T06:00:00+10:00', '2024-01-14T20:00'],
    ['2024-01-15T06:00:00-1000', '2024-01-15T16:00'],
    ['soon', undefined],
    ['2024-13-15', '2024-13-15T00:00:00'],
    ['2024-13-15T00:00', undefined],
  ])('the instant %j is shown in a control as %j', (text, control) => {
    expect(controlInstant(text, 'first')).toBe(control);
  });

  const nothing = {
    ...{ west: '', south: '', east: '', north: '', start: '', end: '' },
    ...{ shallowest: '', deepest: '' },
  };
  it.each([
    [{ west: ' 1,5 ', east: '2' }, 'LONGITUDE,1.5,2'],
    [{ south: '-44,5' }, 'LATITUDE,-44.5,'],
    [{ north: '-40,5' }, 'LATITUDE,,-40.5'],
    [{ start: '2024-01-15T06:00' }, 'TIME,2024-01-15T06:00:00Z,'],
    [{ end: '2024-01-15T06:00' }, 'TIME,,2024-01-15T06:00:00Z'],
    [{ shallowest: ' 0 ' }, 'DEPTH,0,'],
    [{ deepest: ' 10 ' }, 'DEPTH,,10'],
    [{ west: ' ', shallowest: ' ' }, ''],
  ])('the extent with %j is the text %j', (parts, text) => {
    expect(extentText({ ...nothing, ...parts })).toBe(text);
  });

  it.each([
    [
      ' time , 2024-01-15T06:00 , 2024-01-15T07:00 ; ; Depth,1,2;',
      { start: '2024-01-15T06:00', end: '2024-01-15T07:00', shallowest: '1', deepest: '2' },
    ],
    ['LONGITUDE,1,2', { west: '1', east: '2' }],
    ['LATITUDE,1,2', { south: '1', north: '2' }],
    ['', {}],
  ])('the text %j is the extent with %j', (text, parts) => {
    expect(extentOf(text)).toEqual({ ...nothing, ...parts });
  });

  it.each(['TIME,soon,2024-01-15', 'TIME,2024-01-15,soon', 'LATITUDE', 'DEPTH,1,2;HEIGHT,1,2'])(
    'the text %j is no extent',
    (text) => {
      expect(extentOf(text)).toBeUndefined();
      expect(isUnfinished(text)).toBe(false);
    },
  );

  const area = 'LATITUDE,1,2;LONGITUDE,3,4';
  it.each([
    [area, false],
    ['LATITUDE,,2;LONGITUDE,3,4', true],
    ['LATITUDE,1,;LONGITUDE,3,4', true],
    ['LATITUDE,1,2;LONGITUDE,,4', true],
    ['LATITUDE,1,2;LONGITUDE,3,', true],
    [`${area};TIME,2024-01-15,`, true],
    [`${area};TIME,,2024-01-15`, true],
    [`${area};TIME,2024-01-15,2024-01-15`, false],
    [`${area};DEPTH,1,`, true],
    [`${area};DEPTH,,1`, true],
    [`${area};DEPTH,1,1`, false],
  ])('somebody may still be typing the extent %j: %s', (text, isTyped) => {
    expect(isUnfinished(text)).toBe(isTyped);
  });

  const axes = { time: '', latitude: '', longitude: '', depth: '' };
  it('a stride has the axes that are given, without blanks', () => {
    expect(strideText({ ...axes, time: ' 2 ', latitude: ' ', longitude: '3', depth: '4' })).toBe(
      'TIME,2;LONGITUDE,3;DEPTH,4',
    );
    expect(strideOf('')).toEqual(axes);
    expect(strideOf(' ; Time , 2 ;latitude,3')).toEqual({ ...axes, time: '2', latitude: '3' });
  });

  it.each([
    ['1', 1],
    [' 20 ', 20],
    ['999999', 999_999],
    ['1000000', undefined],
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['x1', undefined],
    ['', undefined],
  ])('the stride %j is a whole number: %s', (text, stride) => {
    expect(wholeStride(text)).toBe(stride);
  });

  it.each([
    ['urn:ogc:def:crs:EPSG::4326', true],
    ['URN:ogc:def:crs:epsg:6.6:4326', true],
    ['http://www.opengis.net/def/crs/EPSG/0/4326', true],
    ['https://www.opengis.net/def/crs/EPSG/9.9/4326', true],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', false],
    ['urn:ogc:def:crs:EPSG::43260', false],
    ['an urn:ogc:def:crs:EPSG::4326', false],
    ['http://www.opengis.net/def/crs/EPSG/0/4326/', false],
    ['http://wwwxopengisxnet/def/crs/EPSG/0/4326', false],
    ['EPSG:4326', false],
  ])('latitude comes first in %s: %s', (crs, isFirst) => {
    expect(latitudeFirst(crs)).toBe(isFirst);
  });

  it('a format is named by its type, its schema and its encoding', () => {
    expect(formatKey({ mimeType: 'a/b' })).toBe('a/b');
    expect(formatKey({ mimeType: 'a/b', encoding: 'base64' })).toBe('a/b base64');
    expect(formatKey({ mimeType: 'a/b', encoding: 'base64', schema: 'urn:s' })).toBe(
      'a/b urn:s base64',
    );
  });
});

describe('the values of a form', () => {
  const read = (query: string) => readForm(everything, new URLSearchParams(query));
  const base = { identifier: 'area', kind: 'bounding-box' };
  const crs84 = 'urn:ogc:def:crs:OGC:1.3:CRS84';

  it('the values of a form may be several boxes, and a box without a side has no number there', () => {
    const query =
      'crs.area=&west.area=1&south.area=2&east.area=3&north.area=4&west.area=&west.area=5&south.area=+&south.area=6';
    expect(read(query).inputs).toEqual([
      { ...base, crs: crs84, lower: [1, 2], upper: [3, 4] },
      { ...base, crs: crs84, lower: [5, 6], upper: [Number.NaN, Number.NaN] },
    ]);
    expect(read('west.area=').inputs).toEqual([]);
    expect(read('west.area=1').inputs).toMatchObject([{ lower: [1, Number.NaN] }]);
  });

  it('the values of a form leave out blank texts and addresses, and have the first format unless another is chosen', () => {
    const query =
      'input.document=+&input.document=+a+&href.document=+&href.document=+https://example.org/+&format.document=x/y';
    const document = { identifier: 'document', kind: 'complex', mimeType: 'text/plain' };
    expect(read(query).inputs).toEqual([
      { ...document, content: { text: ' a ' } },
      { ...document, content: { href: 'https://example.org/' } },
    ]);
  });

  it('the values of a form leave out an empty unit, and a format that an output does not have', () => {
    const query = 'input.length=1&uom.length=&output=text&outputFormat.text=x/y';
    expect(read(query)).toEqual({
      process: 'every:Thing',
      inputs: [{ identifier: 'length', kind: 'literal', value: '1' }],
      outputs: [{ identifier: 'text' }],
    });
  });

  const instant = everything.inputs.find(({ identifier }) => identifier === 'instant');
  const withDefault = (change: Partial<LiteralInput>) =>
    ({ ...everything, inputs: [{ ...instant, ...change }] }) as typeof everything;

  it('the first values of a form are instants in UTC, and what is no instant unchanged', () => {
    const shown = (query: string, change: Partial<LiteralInput> = {}) =>
      startingValues(withDefault(change), new URLSearchParams(query)).getAll('input.instant');
    expect(shown('')).toEqual([]);
    expect(shown('input.instant=2024-01-15T06:00:00%2B10:00&input.instant=soon')).toEqual([
      '2024-01-14T20:00',
      'soon',
    ]);
    expect(shown('', { default: '2024-01-15' })).toEqual(['2024-01-15T00:00:00']);
    expect(shown('input.instant=', { default: '2024-01-15' })).toEqual(['']);
  });

  it('the first values of a form have no texts beside their controls', () => {
    const shown = (editor: LiteralInput['editor'], text: string) =>
      [
        ...startingValues(
          withDefault({ ...(editor ? { editor } : {}), dataType: 'string', default: 'x' }),
          new URLSearchParams({ output: 'text', 'input.instant': text }),
        ),
      ].filter(([name, value]) => name !== 'output' && value !== '');
    expect(shown('several', ' a ,, b ')).toEqual([
      ['tick.instant', 'a'],
      ['tick.instant', 'b'],
    ]);
    expect(shown('several', '')).toEqual([]);
    expect(shown('extent', 'LATITUDE,1,2')).toEqual([
      ['south.instant', '1'],
      ['north.instant', '2'],
    ]);
    expect(shown('extent', 'x')).toEqual([['input.instant', 'x']]);
    expect(shown('extent', '')).toEqual([]);
    expect(shown('stride', 'DEPTH,3')).toEqual([['everyDepth.instant', '3']]);
    expect(shown('stride', 'x')).toEqual([['input.instant', 'x']]);
    expect(shown('stride', '')).toEqual([]);
  });

  const given = (identifier: string, value: object) =>
    ({ identifier, given: true, value }) as Parameters<typeof valuesOfJob>[1][number];
  const complex = (source: object, change: object = {}) =>
    given('document', { kind: 'complex', mimeType: 'text/plain', source, ...change });
  const valuesOf = (inputs: Parameters<typeof valuesOfJob>[1]) => [
    ...valuesOfJob(everything, inputs, []),
  ];

  it.each([
    ['a text', complex({ text: 'x'.repeat(1000) }), [['input.document', 'x'.repeat(1000)]]],
    ['no longer text', complex({ text: 'x'.repeat(1001) }), []],
    ['no file', complex({ base64: 'AAE=' }), []],
    [
      'an address',
      complex({ href: 'https://a.example/' }),
      [['href.document', 'https://a.example/']],
    ],
  ])('the values of an earlier job have %s, with its format', (_, input, expected) => {
    expect(valuesOf([input])).toEqual([['format.document', 'text/plain'], ...expected]);
  });

  it('the values of an earlier job have its box by its sides, its units, and nothing that is not described', () => {
    const box = { kind: 'bounding-box', crs: crs84, lower: [1, 2], upper: [3, 4] };
    const literal = { kind: 'literal', dataType: 'double', value: '1', uom: 'ft' };
    expect(
      valuesOf([given('area', box), given('length', literal), given('gone', literal)]),
    ).toEqual([
      ['crs.area', crs84],
      ...[
        ['west.area', '1'],
        ['south.area', '2'],
        ['east.area', '3'],
        ['north.area', '4'],
      ],
      ...[
        ['input.length', '1'],
        ['uom.length', 'ft'],
      ],
    ]);
  });

  it('the values of an earlier job have nothing where its box has no number', () => {
    const box = { kind: 'bounding-box', crs: crs84, lower: [1], upper: [] };
    expect(valuesOf([given('area', box)]).slice(1)).toEqual([
      ...[
        ['west.area', '1'],
        ['south.area', ''],
        ['east.area', ''],
        ['north.area', ''],
      ],
    ]);
  });

  it('the values of an earlier job have the outputs that it asked for, in formats that there still are', () => {
    const output = (identifier: string, mimeType?: string) => ({
      ...{ identifier, kind: 'complex' as const, title: 'T', transmission: 'value' as const },
      ...{ extension: '.x', ...(mimeType === undefined ? {} : { mimeType }) },
    });
    const outputs = [
      ...[output('text', 'text/xml'), output('grid', 'gone/type'), output('number', 'text/xml')],
      output('gone', 'text/xml'),
    ];
    expect([...valuesOfJob(everything, [], outputs)]).toEqual([
      ['output', 'text'],
      ['outputFormat.text', 'text/xml https://example.org/text.xsd'],
      ...[
        ['output', 'grid'],
        ['output', 'number'],
        ['output', 'gone'],
      ],
    ]);
  });
});
