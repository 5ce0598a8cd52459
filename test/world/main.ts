/**
 * `npm run test:world [-- --jobs N --restarts N --seed N]`: runs the built service with real files and real
 * processes. While clients send jobs, it is killed and stopped at random, its disk fails, its clock is
 * changed and its files are damaged. In the end, every job that a client knows must have ended correctly.
 * Otherwise exits with 1 and prints the seed.
 */

import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { realWorld } from './real-world.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '2000' },
    restarts: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const [jobs, restarts, seed] = [values.jobs, values.restarts, values.seed].map(Number) as [
  number,
  number,
  number,
];
console.log(`${jobs} jobs over ${restarts} restarts, seed ${seed}`);
execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const begun = performance.now();
const { violations, ...counts } = await realWorld({
  jobs,
  restarts,
  seed,
  onStep: ({ accepted, restarts }) => {
    if (restarts % 20 === 0) console.error(`${accepted} jobs, ${restarts} restarts`);
  },
});
console.log(`seed ${seed}: ${Math.round((performance.now() - begun) / 1000)} s`);
console.log(JSON.stringify(counts));
for (const violation of violations) console.error(violation);
console.log(`${counts.accepted - violations.length} passed, ${violations.length} failed`);
process.exit(violations.length === 0 ? 0 : 1);
