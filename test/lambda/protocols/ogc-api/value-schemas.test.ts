import { describe, expect, it } from 'vitest';
import type { ComplexInput, LiteralInput } from '../../../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../../../batch-jobs/catalogue.ts';
import {
  processDocument,
  processList,
} from '../../../../lambda/protocols/ogc-api/encode-process.ts';
import { inputSchema, outputSchema } from '../../../../lambda/protocols/ogc-api/value-schemas.ts';
import { apiFaultsOf, fitsSchema } from '../../../ogc-api-schemas.ts';
import { testCatalogue } from '../../../test-catalogue.ts';

const literal = (of: Partial<LiteralInput>): LiteralInput => ({
  kind: 'literal',
  identifier: 'value',
  title: 'Value',
  minOccurs: 1,
  maxOccurs: 1,
  dataType: 'string',
  ...of,
});

const complex = (formats: ComplexInput['formats']): ComplexInput => ({
  kind: 'complex',
  identifier: 'value',
  title: 'Value',
  minOccurs: 1,
  maxOccurs: 1,
  maximumMegabytes: 1,
  formats,
});

describe('the schema of a literal', () => {
  it('the schema of a literal has the JSON type of its data type', () => {
    const typeOf = (dataType: LiteralInput['dataType']) => inputSchema(literal({ dataType }));
    expect(typeOf('string')).toStrictEqual({ type: 'string' });
    expect(typeOf('integer')).toStrictEqual({ type: 'integer' });
    expect(typeOf('double')).toStrictEqual({ type: 'number', format: 'double' });
    expect(typeOf('boolean')).toStrictEqual({ type: 'boolean' });
    expect(typeOf('date')).toStrictEqual({ type: 'string', format: 'date' });
    expect(typeOf('dateTime')).toStrictEqual({ type: 'string', format: 'date-time' });
    expect(typeOf('anyURI')).toStrictEqual({ type: 'string', format: 'uri' });
  });

  it('the schema of a literal lists allowed values in that type', () => {
    expect(inputSchema(literal({ allowedValues: ['red', 'green'] }))).toStrictEqual({
      type: 'string',
      enum: ['red', 'green'],
    });
    expect(inputSchema(literal({ dataType: 'integer', allowedValues: ['1', '2'] }))).toStrictEqual({
      type: 'integer',
      enum: [1, 2],
    });
  });

  it('the schema of a literal bounds its ranges, and a value outside all of them is invalid', () => {
    expect(
      inputSchema(
        literal({ dataType: 'double', allowedValues: [{ minimum: '0', maximum: '60' }] }),
      ),
    ).toStrictEqual({ type: 'number', format: 'double', minimum: 0, maximum: 60 });
    const several = inputSchema(
      literal({ dataType: 'integer', allowedValues: ['1', { minimum: '10' }, { maximum: '-10' }] }),
    );
    const fitting = [1, 10, 99, -10, -11].filter((value) => fitsSchema(several, value));
    expect(fitting).toStrictEqual([1, 10, 99, -10, -11]);
    expect([0, 2, 9, -9, 10.5, '1'].filter((value) => fitsSchema(several, value))).toStrictEqual(
      [],
    );
  });

  it('the schema of a literal gives bounds of dates in words, since JSON Schema has none', () => {
    expect(
      inputSchema(
        literal({ dataType: 'date', allowedValues: [{ minimum: '2017-01-01', maximum: '2018' }] }),
      ),
    ).toStrictEqual({ type: 'string', format: 'date', description: '2017-01-01 to 2018.' });
    const allowedValues = [{ minimum: '2017-01-01' }, { maximum: '2016-01-01' }];
    expect(inputSchema(literal({ dataType: 'date', allowedValues })).anyOf).toMatchObject([
      { description: 'From 2017-01-01.' },
      { description: 'Up to 2016-01-01.' },
    ]);
  });

  it('the schema of a literal has its default in the JSON type', () => {
    expect(inputSchema(literal({ dataType: 'boolean', default: 'false' }))).toStrictEqual({
      type: 'boolean',
      default: false,
    });
    expect(inputSchema(literal({ dataType: 'integer', default: '1' }))).toMatchObject({
      default: 1,
    });
  });

  it('the schema of a literal accepts a number in the default unit, or a measurement with its unit', () => {
    const schema = inputSchema(
      literal({
        dataType: 'double',
        uoms: ['m', 'ft'],
        allowedValues: [{ minimum: '0', maximum: '100' }],
      }),
    );
    expect(fitsSchema(schema, 5)).toBe(true);
    expect(fitsSchema(schema, 101)).toBe(false);
    expect(fitsSchema(schema, { measurement: 101, uom: 'ft' })).toBe(true);
    expect(fitsSchema(schema, { measurement: 5, uom: 'km' })).toBe(false);
    expect(fitsSchema(schema, { measurement: 5 })).toBe(false);
    const measured = outputSchema({
      ...{ kind: 'literal', identifier: 'n', title: 'N', dataType: 'double', uoms: ['m', 'ft'] },
    });
    expect(measured.properties?.['uom']).toStrictEqual({
      ...{ type: 'string', enum: ['m', 'ft'], default: 'm' },
    });
    expect(fitsSchema(measured, 5)).toBe(false);
    expect(fitsSchema(measured, { measurement: 5, uom: 'ft' })).toBe(true);
  });
});

describe('the schema of complex data', () => {
  it('the schema of complex text is a string with its media type and schema', () => {
    expect(inputSchema(complex([{ mimeType: 'text/xml', extension: '.xml' }]))).toStrictEqual({
      type: 'string',
      contentMediaType: 'text/xml',
    });
    expect(
      inputSchema(
        complex([{ mimeType: 'text/xml', schema: 'https://example.org/a.xsd', extension: '.xml' }]),
      ),
    ).toStrictEqual({
      type: 'string',
      contentMediaType: 'text/xml',
      contentSchema: 'https://example.org/a.xsd',
    });
  });

  it('the schema of binary complex data is base64', () => {
    const binary = {
      type: 'string',
      format: 'byte',
      contentEncoding: 'base64',
    };
    expect(
      inputSchema(complex([{ mimeType: 'application/x-netcdf', extension: '.nc' }])),
    ).toStrictEqual({
      ...binary,
      contentMediaType: 'application/x-netcdf',
    });
    expect(
      inputSchema(complex([{ mimeType: 'text/csv', encoding: 'base64', extension: '.csv' }])),
    ).toStrictEqual({ ...binary, contentMediaType: 'text/csv' });
  });

  it('the schema of complex JSON is the JSON itself, by its own schema', () => {
    const json = { mimeType: 'application/json', extension: '.json' };
    expect(inputSchema(complex([json]))).toStrictEqual({ contentMediaType: 'application/json' });
    const items = { type: 'array', items: { type: 'integer' } } as const;
    expect(inputSchema(complex([{ ...json, jsonSchema: items }]))).toStrictEqual(items);
  });

  it('the schema of complex data offers each format, and is exclusive only if that is true', () => {
    const text = { mimeType: 'text/plain', extension: '.txt' };
    const xml = { mimeType: 'text/xml', extension: '.xml' };
    const object = {
      mimeType: 'application/json',
      extension: '.json',
      jsonSchema: { type: 'object' },
    } as const;
    expect(Object.keys(inputSchema(complex([text, xml])))).toStrictEqual(['anyOf']);
    expect(Object.keys(inputSchema(complex([object, text])))).toStrictEqual(['oneOf']);
  });
});

describe('the schema of a bounding box', () => {
  it('the schema of a bounding box accepts four or six numbers in an offered system, by its URI', () => {
    const schema = inputSchema({
      kind: 'bounding-box',
      identifier: 'area',
      title: 'Area',
      minOccurs: 1,
      maxOccurs: 1,
      crss: ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326'],
    });
    const crs = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
    expect(schema.properties?.['crs']).toMatchObject({
      enum: [crs, 'http://www.opengis.net/def/crs/EPSG/0/4326'],
      default: crs,
    });
    expect(fitsSchema(schema, { bbox: [1, 2, 3, 4], crs })).toBe(true);
    expect(fitsSchema(schema, { bbox: [1, 2, 3, 4, 5, 6] })).toBe(true);
    expect(fitsSchema(schema, { bbox: [1, 2, 3] })).toBe(false);
    expect(fitsSchema(schema, { bbox: [1, 2, 3, 4, 5, 6, 7] })).toBe(false);
    expect(fitsSchema(schema, { bbox: [1, 2, 3, 4, 5] })).toBe(false);
    expect(fitsSchema(schema, { bbox: [1, 2, 3, '4'] })).toBe(false);
    expect(fitsSchema(schema, { crs })).toBe(false);
  });
});

describe('every process that there is', () => {
  const baseUrl = 'https://example.org/TEST/';

  it.each([...catalogue, ...testCatalogue])(
    'the description of process $identifier is valid',
    (process) => {
      expect(apiFaultsOf('process', processDocument(process, baseUrl))).toStrictEqual([]);
      for (const described of process.inputs) {
        expect(apiFaultsOf('schema', inputSchema(described))).toStrictEqual([]);
      }
      for (const described of process.outputs) {
        expect(apiFaultsOf('schema', outputSchema(described))).toStrictEqual([]);
      }
    },
  );

  it('the list of all processes is valid, page by page', () => {
    const page = (offset: number) => processList(testCatalogue, { limit: 3, offset }, baseUrl);
    expect(apiFaultsOf('processList', page(0))).toStrictEqual([]);
    expect(page(0).processes).toHaveLength(3);
    expect(page(0).links.find(({ rel }) => rel === 'next')?.href).toBe(
      'https://example.org/TEST/processes?limit=3&offset=3',
    );
    expect(page(3).processes).toHaveLength(1);
    expect(page(3).links.find(({ rel }) => rel === 'next')).toBeUndefined();
  });
});
