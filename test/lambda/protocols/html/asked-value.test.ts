import { describe, expect, it } from 'vitest';
import type { InputValue } from '../../../../batch-jobs/api/job.ts';
import type { InputDescription } from '../../../../batch-jobs/api/process-description.ts';
import { AskedValue } from '../../../../lambda/protocols/html/asked-value.tsx';

/** The visible text of the value, without tags. */
function read(value: InputValue, described?: Partial<InputDescription>): string {
  const input = {
    kind: 'literal',
    identifier: 'x',
    title: 'X',
    minOccurs: 1,
    maxOccurs: 1,
    dataType: 'string',
    ...described,
  } as InputDescription;
  const html = String(AskedValue({ value, described: described ? input : undefined }));
  return html
    .replaceAll(/<\/(dt|dd|div)>/g, ' ')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const literal = (value: string): InputValue => ({ kind: 'literal', dataType: 'string', value });
const extent = { editor: 'extent' } as const;

describe('what a job was asked for', () => {
  it('a subset is shown by its sides, dates and depths', () => {
    const text =
      'TIME,2024-01-15T01:00:00Z,2024-01-16;LATITUDE,-44,-40.5;LONGITUDE,170,190;DEPTH,0,100';
    expect(read(literal(text), extent)).toBe(
      'West 170° E South 44° S East 170° W North 40.5° S From 15 Jan 2024, 01:00:00 UTC To 16 Jan 2024, 23:59:59 UTC Shallowest 0 m Deepest 100 m',
    );
  });

  it('a subset is shown without dates and depths that were not requested', () => {
    expect(read(literal('LATITUDE,-44,-40;LONGITUDE,143,149'), extent)).toBe(
      'West 143° E South 44° S East 149° E North 40° S',
    );
  });

  it.each(['everything', 'LATITUDE,-44;LONGITUDE,1,2', 'BREADTH,1,2', 'TIME,tomorrow,today'])(
    'a value that the form could not show is shown unchanged: %s',
    (text) => {
      expect(read(literal(text), extent)).toBe(text);
    },
  );

  it('a stride is shown as a number for each axis', () => {
    expect(read(literal('TIME,1;LATITUDE,10'), { editor: 'stride' })).toBe(
      'Time steps all Rows (latitude) 1 in 10',
    );
  });

  it.each([
    ['urn:ogc:def:crs:OGC:1.3:CRS84', [143, -44], [149, -40]],
    ['urn:ogc:def:crs:EPSG::4326', [-44, 143], [-40, 149]],
  ])(
    'a bounding box in degrees is shown by its sides, in whatever order %s has them',
    (crs, lower, upper) => {
      const value: InputValue = { kind: 'bounding-box', crs, lower, upper };
      expect(read(value)).toBe('West 143° E South 44° S East 149° E North 40° S');
    },
  );

  it('a bounding box in metres is shown by its corners', () => {
    const crs = 'urn:ogc:def:crs:EPSG::32755';
    const value: InputValue = { kind: 'bounding-box', crs, lower: [1, 2], upper: [3, 4] };
    expect(read(value)).toBe(`1, 2 – 3, 4 (${crs})`);
  });

  it.each([
    ['true', 'boolean', 'Yes'],
    ['0', 'boolean', 'No'],
    ['2024-01-15T06:00:00+10:00', 'dateTime', '14 Jan 2024, 20:00:00 UTC'],
    ['2024-01-15T06:00:00', 'dateTime', '2024-01-15T06:00:00'],
  ] as const)('%s as %s is shown as "%s"', (value, dataType, text) => {
    expect(read(literal(value), { dataType })).toBe(text);
  });

  it('a chosen format is shown by its use, and any other text as it is', () => {
    const formats = { allowedValues: ['text/csv', 'x/y'] };
    expect(read(literal('text/csv'), formats)).toBe('CSV, for spreadsheets (text/csv)');
    expect(read(literal('x/y'), formats)).toBe('x/y');
    expect(read(literal('text/csv'), {})).toBe('text/csv');
  });

  it('a value is shown unchanged if its process is no longer offered', () => {
    expect(read(literal('LATITUDE,-44,-40;LONGITUDE,143,149'))).toBe(
      'LATITUDE,-44,-40;LONGITUDE,143,149',
    );
  });
});
