import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkRequest } from '../../batch-jobs/gogoduck/check-request.ts';
import { gogoduck } from '../../batch-jobs/gogoduck/process.ts';

const readme = readFileSync(
  join(import.meta.dirname, '..', '..', 'batch-jobs', 'gogoduck', 'README.md'),
  'utf8',
);

/** Cells of the first table whose first row begins with a word. */
function table(first: string): string[][] {
  const [, rows = ''] = readme.split(`| ${first} |`);
  const end = rows.search(/\n\n/);
  return rows
    .slice(0, end)
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

it('the README has each input and output, with an example that is allowed', () => {
  const inputs = table('input');
  const names = inputs.flatMap(([cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(names).toEqual(gogoduck.inputs.map(({ identifier }) => identifier));
  const examples = Object.fromEntries(
    inputs.flatMap(([name = '', , example = '']) => {
      const [, value] = /^`(.*)`$/.exec(example) ?? [];
      return value === undefined ? [] : [[name.replaceAll('`', ''), [value]]];
    }),
  );
  expect(Object.keys(examples)).toHaveLength(7);
  const zip = [{ identifier: 'result', mimeType: 'application/zip' }];
  expect(checkRequest(examples, zip)).toEqual([]);
  const outputs = table('output').map(([name = '']) => name.replaceAll('`', ''));
  expect(outputs).toEqual(gogoduck.outputs.map(({ identifier }) => identifier));
});

it('the README says of a request that is refused what the answer says', () => {
  const rows = table('request');
  expect(rows.length).toBeGreaterThan(5);
  for (const [request = '', answer = ''] of rows) {
    const [name, value] = [...request.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    const subset = (part: string) =>
      part.startsWith('TIME')
        ? `${part};LATITUDE,1,2;LONGITUDE,1,2`
        : `${part};LONGITUDE,114,115`.replace(/(;LONGITUDE,114,115)+/, ';LONGITUDE,114,115');
    const inputs =
      value === undefined
        ? { subset: [subset(name ?? '')] }
        : { subset: ['LATITUDE,1,2;LONGITUDE,1,2'], [name ?? '']: [value] };
    const faults = checkRequest(inputs, [
      { identifier: 'result', mimeType: 'application/x-netcdf' },
    ]);
    expect(faults, request).toHaveLength(1);
    for (const part of answer.split(/\.\.\.|: no calendar/)) {
      if (answer.includes('no calendar') && part.includes('has that day')) continue;
      expect(faults[0]?.text, request).toContain(part.trim());
    }
  }
});
