/** The embedded service with queues that accept every job: `throughput-service.ts <folder>`. */

import { join } from 'node:path';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { startEmbeddedService } from '../../lambda/embedded/embedded-service.ts';
import { distDir } from '../bundled.ts';

const [folder = '.'] = process.argv.slice(2);
const queue = { concurrency: 1, waiting: 1_000_000 };
const service = await startEmbeddedService({
  port: 0,
  dataDir: folder,
  layersDir: join(folder, 'layers'),
  batchJobsDir: join(distDir, 'batch-jobs'),
  environment: process.env,
  limits: { maxUnfinishedJobs: 1_000_000 },
  queues: { small: queue, timeseries: queue, large: queue },
  log: jsonLog(() => {}),
});
process.stdout.write(`WPS endpoint: ${service.endpoint}\n`);
process.on('SIGTERM', () => {
  service.close().then(() => process.exit(0));
});
