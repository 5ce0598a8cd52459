import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.ts';

// Work still in progress after a stop must not keep the process alive.
process.exit(await runProgram(process, join(dirname(fileURLToPath(import.meta.url)), '..')));
