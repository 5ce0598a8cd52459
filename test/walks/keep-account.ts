/**
 * `tsx test/walks/keep-account.ts FILE`: an account for walks (`WALKED_ACCOUNT=FILE`) that exists until this
 * program ends, so that a stage of a walk can be repeated without those before it.
 */

import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { startEmulatedWorld } from './emulated-world.ts';

const [file = 'walked-account.json'] = process.argv.slice(2);
const { stop, ...world } = await startEmulatedWorld();
writeFileSync(file, JSON.stringify(world, null, 2));
process.stdout.write(`WALKED_ACCOUNT=${file}; Ctrl-C ends it\n`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
rmSync(file);
await stop();
