/**
 * `npm run bench [-- part ...]`: measures the named parts, or all except those of endurance, which take
 * minutes. Prints a table and JSON.
 *
 * The figures depend on the machine. Compare only ratios from one run.
 */

import { awsEndurance } from './aws-endurance.ts';
import { awsLoad } from './aws-load.ts';
import { awsStart } from './aws-start.ts';
import { embedded } from './embedded.ts';
import { embeddedStart } from './embedded-start.ts';
import { endurance } from './endurance.ts';
import type { Figure } from './figure.ts';
import { gogoduck } from './gogoduck.ts';
import { operations } from './operations.ts';
import { throughput } from './throughput.ts';

const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: embeddedStart,
  'aws-start': awsStart,
  'aws-load': awsLoad,
  operations,
  throughput,
  embedded,
  gogoduck,
  endurance,
  'aws-endurance': awsEndurance,
};

const asked = process.argv.slice(2);
for (const name of asked) {
  if (!(name in parts)) {
    console.error(`part "${name}" is not known; allowed: ${Object.keys(parts).join(', ')}`);
    process.exit(64);
  }
}
const results: Record<string, Figure[]> = {};
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 ? !asked.includes(name) : name.endsWith('endurance')) continue;
  console.error(`measuring ${name} ...`);
  results[name] = await measure();
}
console.table(
  Object.entries(results).flatMap(([part, figures]) =>
    figures.map(({ name, value, unit, ratio, floor, aim }) => ({
      part,
      figure: name,
      value: `${rounded(value)} ${unit}`,
      ratio: ratio === undefined ? '' : `${rounded(ratio)} x ${floor}`,
      aim: aim ?? '',
    })),
  ),
);
console.log(JSON.stringify(results));

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
