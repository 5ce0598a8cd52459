import { describe, expect, it } from 'vitest';
import { faultOf, useLayer } from './layer-folder.ts';
import { code, readmeTable } from './readme-tables.ts';
import { refusedLayers } from './refused-layers.ts';

const layer = useLayer();
const rows = readmeTable('layer').map(([what = '', answer]) => [what, code(answer)] as const);

describe('what the README says of layers that are refused', () => {
  it('has a row for each that is tried here', () => {
    expect(rows.map(([what]) => what)).toEqual(Object.keys(refusedLayers));
  });

  it.each(rows)('is what is answered to %s', async (what, answer) => {
    const { subset, change, parts } = (await refusedLayers[what]?.(layer)) ?? {};
    const { message } = await faultOf(layer.result(subset, change, parts));
    expect(message).toBe(answer);
  });
});
