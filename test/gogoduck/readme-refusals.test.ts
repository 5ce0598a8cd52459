import { describe, expect, it } from 'vitest';
import { faultOf, useLayer } from './layer-folder.ts';
import { code, readmeTable } from './readme-tables.ts';
import { refusedLayers } from './refused-layers.ts';

const layer = useLayer();
const rows = readmeTable('layer').map(([what = '', answer]) => [what, code(answer)] as const);

/** The README's rule: the exit code of a failure says whether the request, the data or the layer is at fault. */
function exitCodeOf(what: string, answer: string): number {
  if (what === 'a layer that there is not') return 66;
  const isOfRequest = /^(Input|No data|The subset|The result)/.test(answer);
  return isOfRequest || what.endsWith('as CSV') ? 64 : 65;
}

describe('what the README says of layers that are refused', () => {
  it("GoGoDuck's README has a row for each refused layer that is tested", () => {
    expect(rows.map(([what]) => what)).toEqual(Object.keys(refusedLayers));
  });

  it.each(rows)("GoGoDuck's README says what is answered to %s", async (what, answer) => {
    const { subset, change, parts } = (await refusedLayers[what]?.(layer)) ?? {};
    const { message, exitCode } = await faultOf(layer.result(subset, change, parts));
    expect([message, exitCode]).toEqual([answer, exitCodeOf(what, answer)]);
  });
});
