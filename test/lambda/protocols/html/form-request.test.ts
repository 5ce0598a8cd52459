import { describe, expect, it } from 'vitest';
import { gogoduck } from '../../../../batch-jobs/gogoduck/process.ts';
import { extentOf, extentText } from '../../../../lambda/protocols/html/form/extent.ts';
import { readForm } from '../../../../lambda/protocols/html/form/form-request.ts';
import {
  startingValues,
  valuesOfJob,
} from '../../../../lambda/protocols/html/form/starting-values.ts';
import { everything } from '../../../test-catalogue.ts';

const form = (query: string) => readForm(everything, new URLSearchParams(query));

describe('a form', () => {
  it('a form gives each literal input as often as it is filled in, with its unit', () => {
    expect(
      form('input.text=a&input.text=&input.text=b&input.length=3&uom.length=ft').inputs,
    ).toEqual([
      { identifier: 'text', kind: 'literal', value: 'a' },
      { identifier: 'text', kind: 'literal', value: 'b' },
      { identifier: 'length', kind: 'literal', value: '3', uom: 'ft' },
    ]);
  });

  it('a form keeps spaces in a text, which may be intended', () => {
    expect(form('input.text=%20a%20').inputs).toMatchObject([{ value: ' a ' }]);
  });

  it('a form gives a date and time of its control in UTC', () => {
    expect(form('input.instant=2024-01-15T06:00').inputs).toMatchObject([
      { value: '2024-01-15T06:00:00Z' },
    ]);
  });

  it.each([
    ['me@example.org', 'email.to=me@example.org'],
    [' me@example.org ', 'email.to=me@example.org'],
    ['email.to=me@example.org', 'email.to=me@example.org'],
    ['nonsense', 'nonsense'],
  ])('a form accepts a recipient of e-mail as an address alone, too: %s', (given, value) => {
    const values = new URLSearchParams({ 'input.callbackParams': given });
    expect(readForm(gogoduck, values).inputs).toMatchObject([{ value }]);
  });

  it('a form passes on what is no date, for the service to say so', () => {
    expect(form('input.instant=soon').inputs).toMatchObject([{ value: 'soon' }]);
  });

  it('a form gives a complex input as text, file or address, in the chosen format', () => {
    const values = new URLSearchParams({
      'input.document': '<a/>',
      'href.document': 'https://example.org/a.xml',
      'format.document': 'text/xml https://example.org/document.xsd',
    });
    const files = new Map([['document', [{ name: 'a.xml', base64: 'PGEvPg==' }]]]);
    const format = { mimeType: 'text/xml', schema: 'https://example.org/document.xsd' };
    const common = { identifier: 'document', kind: 'complex', ...format };
    expect(readForm(everything, values, files).inputs).toEqual([
      { ...common, content: { text: '<a/>' } },
      { ...common, content: { name: 'a.xml', base64: 'PGEvPg==' } },
      { ...common, content: { href: 'https://example.org/a.xml' } },
    ]);
  });

  it('a form gives the corners of a box in the order of its coordinate reference system', () => {
    const box = 'west.area=114&south.area=-33&east.area=116&north.area=-31';
    expect(form(box).inputs).toEqual([
      {
        identifier: 'area',
        kind: 'bounding-box',
        crs: 'urn:ogc:def:crs:OGC:1.3:CRS84',
        lower: [114, -33],
        upper: [116, -31],
      },
    ]);
    const latitudeFirst = form(`${box}&crs.area=urn:ogc:def:crs:EPSG:6.6:4326`).inputs;
    expect(latitudeFirst).toMatchObject([{ lower: [-33, 114], upper: [-31, 116] }]);
  });

  it('a form gives a missing side of a box as no number, not as 0', () => {
    expect(form('west.area=114&south.area=-33&east.area=116&north.area=').inputs).toMatchObject([
      { lower: [114, -33], upper: [116, Number.NaN] },
    ]);
  });

  it('a form accepts a comma as the decimal sign of degrees, and of nothing else', () => {
    const area = 'west.area=114,5&south.area=-33,25&east.area=116&north.area=-31';
    expect(form(area).inputs).toMatchObject([{ lower: [114.5, -33.25], upper: [116, -31] }]);
    const subset =
      'west.subset=143,5&south.subset=-44&east.subset=149&north.subset=-40&shallowest.subset=1,000&deepest.subset=2000';
    expect(readForm(gogoduck, new URLSearchParams(subset)).inputs).toMatchObject([
      { value: 'LATITUDE,-44,-40;LONGITUDE,143.5,149;DEPTH,1,000,2000' },
    ]);
  });

  it('a form gives no box if no side is filled in', () => {
    expect(form('west.area=&south.area=&east.area=&north.area=').inputs).toEqual([]);
  });

  it('a form asks for the ticked outputs, each in its chosen format', () => {
    expect(
      form('output=text&output=number&outputFormat.text=application/json&outputFormat.grid=x')
        .outputs,
    ).toEqual([{ identifier: 'text', mimeType: 'application/json' }, { identifier: 'number' }]);
  });
});

describe('an extent', () => {
  const text =
    'TIME,2024-01-15T06:00:00Z,2024-01-15T18:00:00Z;LATITUDE,-44.5,-39.5;LONGITUDE,143,149.5;DEPTH,0,10';

  it('an extent is the same text after it was split for its controls', () => {
    const extent = extentOf(text);
    expect(extent).toEqual({
      west: '143',
      south: '-44.5',
      east: '149.5',
      north: '-39.5',
      start: '2024-01-15T06:00',
      end: '2024-01-15T18:00',
      shallowest: '0',
      deepest: '10',
    });
    expect(extent && extentText(extent)).toBe(text);
  });

  it('a date alone in an extent means its first or its last second', () => {
    expect(extentOf('TIME,2024-01-15,2024-01-16')).toMatchObject({
      start: '2024-01-15T00:00:00',
      end: '2024-01-16T23:59:59',
    });
  });

  it('instants of other time zones in an extent become UTC', () => {
    expect(extentOf('TIME,2024-01-15T10:00:00+10:00,2024-01-15T11:00:30.5+10:00')).toMatchObject({
      start: '2024-01-15T00:00',
      end: '2024-01-15T01:00:30.500',
    });
  });

  it.each(['nonsense', 'LATITUDE,1', 'LATITUDE,1,2,3', 'TIME,soon,later', 'HEIGHT,1,2'])(
    'an extent that its controls cannot show stays a text: %s',
    (other) => {
      expect(extentOf(other)).toBeUndefined();
    },
  );

  it('an extent is written as far as it is given', () => {
    const empty = { west: '', south: '', east: '', north: '', start: '', end: '' };
    const nothing = { ...empty, shallowest: '', deepest: '' };
    expect(extentText(nothing)).toBe('');
    expect(extentText({ ...nothing, west: '1' })).toBe('LONGITUDE,1,');
  });

  it('an extent comes from its controls, or from its text if that is filled in', () => {
    const controls = 'west.subset=1&south.subset=2&east.subset=3&north.subset=4';
    const read = (query: string) => readForm(gogoduck, new URLSearchParams(query)).inputs;
    expect(read(controls)).toEqual([
      { identifier: 'subset', kind: 'literal', value: 'LATITUDE,2,4;LONGITUDE,1,3' },
    ]);
    expect(read(`${controls}&input.subset=as+written`)).toMatchObject([{ value: 'as written' }]);
  });
});

describe('a stride in a form', () => {
  const read = (query: string) => readForm(gogoduck, new URLSearchParams(query)).inputs;
  const shown = (text: string) =>
    startingValues(gogoduck, new URLSearchParams({ 'input.stride': text }));

  it('a stride is one text with the axes that have a number', () => {
    expect(read('everyTime.stride=2&everyLatitude.stride=&everyDepth.stride=3')).toEqual([
      { identifier: 'stride', kind: 'literal', value: 'TIME,2;DEPTH,3' },
    ]);
    expect(read('everyTime.stride=&everyDepth.stride=')).toEqual([]);
  });

  it('a stride fills the controls of its axes, however its text is written', () => {
    const values = shown(' depth, 3 ; LONGITUDE,10');
    expect(values.has('input.stride')).toBe(false);
    expect(values.get('everyDepth.stride')).toBe('3');
    expect(readForm(gogoduck, values).inputs).toContainEqual({
      identifier: 'stride',
      kind: 'literal',
      value: 'LONGITUDE,10;DEPTH,3',
    });
  });

  it.each(['nonsense', 'TIME', 'TIME,1,2', 'HEIGHT,2', 'TIME,2;TIME,3'])(
    'a stride that its controls cannot show stays a text: %s',
    (text) => {
      expect(shown(text).get('input.stride')).toBe(text);
    },
  );
});

describe('several values that are ticked', () => {
  const [described] = gogoduck.inputs;
  if (described?.kind !== 'literal') throw new Error('the first input is a literal');
  const process = { ...gogoduck, inputs: [{ ...described, editor: 'several' as const }] };

  it('several ticked values become a text with commas, and ticks again', () => {
    const values = startingValues(process, new URLSearchParams({ 'input.layer': 'a, b' }));
    expect(values.getAll('tick.layer')).toEqual(['a', 'b']);
    expect(readForm(process, values).inputs).toEqual([
      { identifier: 'layer', kind: 'literal', value: 'a,b' },
    ]);
  });

  it('several values are not given if none is ticked', () => {
    expect(readForm(process, new URLSearchParams()).inputs).toEqual([]);
  });
});

describe('what a form shows at first', () => {
  it('a form first shows the values of its URL, and defaults for the rest', () => {
    const values = startingValues(everything, new URLSearchParams('input.count=2'));
    expect(values.get('input.count')).toBe('2');
    expect(values.get('input.length')).toBe('10');
    expect(values.has('input.day')).toBe(false);
  });

  it('a form first has every output ticked, unless its URL names some', () => {
    const outputs = (query: string) =>
      startingValues(everything, new URLSearchParams(query)).getAll('output');
    expect(outputs('')).toEqual(everything.outputs.map(({ identifier }) => identifier));
    expect(outputs('output=grid')).toEqual(['grid']);
  });

  it('a form first shows the text of an extent in its controls', () => {
    const query = new URLSearchParams({ 'input.subset': 'LATITUDE,2,4;LONGITUDE,1,3' });
    const values = startingValues(gogoduck, query);
    expect(values.has('input.subset')).toBe(false);
    expect(values.get('west.subset')).toBe('1');
    expect(readForm(gogoduck, values).inputs).toContainEqual({
      identifier: 'subset',
      kind: 'literal',
      value: 'LATITUDE,2,4;LONGITUDE,1,3',
    });
  });
});

describe('the form of a job that ran', () => {
  it('the form of a job that ran has the same inputs and outputs', () => {
    const query =
      'input.text=a&input.text=b&input.length=3&uom.length=ft&input.document=%3Ca/%3E' +
      '&format.document=text/xml+https://example.org/document.xsd' +
      '&west.area=114&south.area=-33&east.area=116&north.area=-31&crs.area=urn:ogc:def:crs:EPSG:6.6:4326' +
      '&output=text&outputFormat.text=application/json';
    const request = form(query);
    const values = valuesOfJob(
      everything,
      [
        literal('text', 'a'),
        literal('text', 'b'),
        { ...literal('length', '3', 'ft') },
        {
          identifier: 'document',
          given: true,
          value: {
            kind: 'complex',
            mimeType: 'text/xml',
            schema: 'https://example.org/document.xsd',
            source: { text: '<a/>' },
          },
        },
        {
          identifier: 'area',
          given: true,
          value: {
            kind: 'bounding-box',
            crs: 'urn:ogc:def:crs:EPSG:6.6:4326',
            lower: [-33, 114],
            upper: [-31, 116],
          },
        },
        { ...literal('count', '1'), given: false },
      ],
      [
        {
          identifier: 'text',
          kind: 'complex',
          title: 'Text',
          transmission: 'reference',
          mimeType: 'application/json',
          extension: '.json',
        },
      ],
    );
    expect(readForm(everything, values)).toEqual(request);
  });
});

function literal(identifier: string, value: string, uom?: string) {
  return {
    identifier,
    given: true,
    value: {
      kind: 'literal' as const,
      value,
      dataType: 'string',
      ...(uom === undefined ? {} : { uom }),
    },
  };
}
