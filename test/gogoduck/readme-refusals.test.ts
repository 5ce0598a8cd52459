import { describe, expect, it } from 'vitest';
import { faultOf, useLayer } from './layer-folder.ts';
import { code, readmeTable } from './readme-tables.ts';
import { refusedLayers } from './refused-layers.ts';

const layer = useLayer();
const rows = readmeTable('layer').map(([what = '', answer]) => [what, code(answer)] as const);

describe('what the README says of layers that are refused', () => {
  it("GoGoDuck's README has a row for each refused layer that is tested", () => {
    expect(rows.map(([what]) => what)).toEqual(Object.keys(refusedLayers));
  });

  it.each(rows)("GoGoDuck's README says what is answered to %s", async (what, answer) => {
    const { subset, change, parts } = (await refusedLayers[what]?.(layer)) ?? {};
    const { message } = await faultOf(layer.result(subset, change, parts));
    expect(message).toBe(answer);
  });
});
