import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../batch-jobs/gogoduck/check-request.ts';
import { readRequest } from '../../batch-jobs/gogoduck/gogoduck-request.ts';
import { gogoduck } from '../../batch-jobs/gogoduck/process.ts';
import { everywhere, type LayerFolder, useLayer } from './layer-folder.ts';
import type { VariableSketch } from './make-netcdf.ts';
import { readNetcdf } from './read-netcdf.ts';
import { assignments, code, readmeTable } from './readme-tables.ts';
import { runGogoduck } from './run-gogoduck.ts';

const layer = useLayer();

/** Writes the layer that the README describes for its examples. */
async function makeSea(): Promise<void> {
  const onGrid = (standardName: string): VariableSketch => ({
    type: 'float',
    dimensions: ['time', 'depth', 'lat', 'lon'],
    values: Array.from({ length: 36 }, (_, index) => index),
    attributes: { standard_name: standardName },
  });
  for (const hour of [0, 1, 2, 3]) {
    await layer.file(`${hour}.nc`, seaAt(hour, onGrid));
  }
}

function seaAt(hour: number, onGrid: (standardName: string) => VariableSketch) {
  const axis = (name: string, values: number[], units: string): VariableSketch => ({
    type: 'double',
    dimensions: [name],
    values,
    attributes: { units, ...(name === 'depth' ? { positive: 'down' } : {}) },
  });
  return {
    dimensions: { time: -1, depth: 3, lat: 4, lon: 3 },
    variables: {
      time: axis('time', [hour], 'hours since 2020-01-01'),
      depth: axis('depth', [0, 10, 50], 'm'),
      lat: axis('lat', [-40, -39, -38, -37], 'degrees_north'),
      lon: axis('lon', [140, 141, 142], 'degrees_east'),
      temperature: onGrid('sea_water_temperature'),
      salinity: onGrid('sea_water_salinity'),
    },
  };
}
const isCoordinate = (name: string) => ['time', 'depth', 'lat', 'lon'].includes(name);

/** Runs a request of the README as a job does, and describes its outputs in the words of the README. */
async function answerTo(
  { layers }: LayerFolder,
  { result = 'application/x-netcdf', ...inputs }: Readonly<Record<string, string>>,
): Promise<string> {
  const paths = ['inputs', 'outputs'].map((name) => join(layers, `${name}.json`));
  const [inputsPath = '', outputsPath = ''] = paths;
  const all = { layer: 'layer', subset: everywhere, ...inputs };
  const values = Object.entries(all).map(([name, value]) => [name, [{ kind: 'literal', value }]]);
  await writeFile(inputsPath, JSON.stringify(Object.fromEntries(values)));
  await writeFile(outputsPath, JSON.stringify([{ identifier: 'result', mimeType: result }]));
  const request = await readRequest(inputsPath, outputsPath);
  const path = await runGogoduck(layers, everywhere, request);
  if (inputs['filename']) return `saved as ${await readFile(`${path}.filename`, 'utf8')}.nc`;
  if (result.endsWith('zip')) {
    const names = Object.keys(unzipSync(await readFile(path)));
    return names.filter((name) => !name.includes('/')).join(', ');
  }
  if (result === 'text/csv')
    return (await readFile(path, 'utf8')).split('\r\n').slice(0, 2).join(' / ');
  const { dimensions, variables } = await readNetcdf(path);
  const sizes = Object.entries(dimensions).map(([name, size]) => `${name} ${Math.abs(size)}`);
  const names = Object.keys(variables).filter((name) => !isCoordinate(name));
  return `${names.join(', ')} (${sizes.join(', ')})`;
}

describe('an example of the README', () => {
  const examples = readmeTable('example');

  it("the examples of GoGoDuck's README show each input, and each format of the result", () => {
    const shown = examples.flatMap(([request]) => Object.entries(assignments(request)));
    const names = new Set(shown.map(([name]) => name));
    const inputs = gogoduck.inputs.map(({ identifier }) => identifier);
    expect(names).toEqual(new Set([...inputs, 'result']));
    const formats = new Set(shown.flatMap(([name, value]) => (name === 'result' ? [value] : [])));
    const [result] = gogoduck.outputs;
    const offered = result?.kind === 'complex' ? result.formats : [];
    expect(formats).toEqual(new Set(offered.map(({ mimeType }) => mimeType)));
  });

  it.each(examples)(
    "an example of GoGoDuck's README gives what it says: %s",
    async (request, answer) => {
      await makeSea();
      expect(await answerTo(layer, assignments(request))).toBe(code(answer));
    },
  );
});

describe('the README', () => {
  it("GoGoDuck's README lists each input and output of the process, with a valid example", () => {
    const inputs = readmeTable('input');
    expect(inputs.map(([name]) => code(name))).toEqual(
      gogoduck.inputs.map(({ identifier }) => identifier),
    );
    const values = Object.fromEntries(
      inputs.map(([name, , example]) => [code(name), [code(example)]]),
    );
    const zip = [{ identifier: 'result', mimeType: 'application/zip' }];
    expect(checkRequest(values, zip)).toEqual([]);
    expect(readmeTable('output').map(([name]) => code(name))).toEqual(
      gogoduck.outputs.map(({ identifier }) => identifier),
    );
  });

  it.each(readmeTable('request'))(
    "GoGoDuck's README says what is answered at once to %s",
    (request, answer) => {
      const { result = 'application/x-netcdf', ...inputs } = assignments(request);
      const values = Object.entries({ layer: 'sea', subset: everywhere, ...inputs });
      const faults = checkRequest(
        Object.fromEntries(values.map(([name, value]) => [name, [value]])),
        [{ identifier: 'result', mimeType: result }],
      );
      expect(faults).toEqual([{ input: Object.keys(inputs)[0], text: code(answer) }]);
    },
  );
});
