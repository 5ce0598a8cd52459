/**
 * `npm run build`: bundles every entry point into `dist/`, laid out as the sources are. Each kind of
 * program has chunks of its own (`build-files.ts`).
 */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFiles } from './build-files.ts';
import { writeDescribedProcesses } from './described-processes.ts';
import { layDown } from './lay-down.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const batchJobs = join(root, 'batch-jobs');
await writeDescribedProcesses(batchJobs, join(batchJobs, 'described-processes.ts'));
await layDown(await buildFiles(), join(root, 'dist'));
