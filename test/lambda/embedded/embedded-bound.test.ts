import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import {
  type EmbeddedService,
  startEmbeddedService,
} from '../../../lambda/embedded/embedded-service.ts';
import { distDir } from '../../bundled.ts';

const bound = 5;

describe('the bound on unfinished jobs of the embedded service', () => {
  let dataDir: string;
  let jobOutput: number;
  let services: EmbeddedService[];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
    jobOutput = openSync(join(dataDir, 'job-output'), 'w');
    services = [];
  });
  afterEach(async () => {
    for (const service of services) await service.close();
    closeSync(jobOutput);
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  async function start(sweepSeconds = 0.1): Promise<EmbeddedService> {
    const queue = { concurrency: 2, waiting: 100 };
    const service = await startEmbeddedService({
      port: 0,
      dataDir,
      layersDir: join(dataDir, 'layers'),
      batchJobsDir: join(distDir, 'batch-jobs'),
      environment: process.env,
      queues: { small: queue, timeseries: queue, large: queue },
      limits: { maxUnfinishedJobs: bound },
      sweepSeconds,
      jobOutput,
      log: jsonLog(() => undefined),
    });
    services.push(service);
    return service;
  }

  async function execute({ endpoint }: EmbeddedService, delaySeconds = 0): Promise<number> {
    const answer = await fetch(
      `${endpoint}?service=WPS&version=1.0.0&request=Execute&identifier=echo&storeExecuteResponse=true` +
        `&DataInputs=message=a;delaySeconds=${delaySeconds}`,
    );
    await answer.arrayBuffer();
    return answer.status;
  }
  const markers = () => readdir(join(dataDir, 'unfinished')).catch(() => []);
  const leaveMarkers = async (createdAt: Date) => {
    await mkdir(join(dataDir, 'unfinished'), { recursive: true });
    for (let index = 0; index < bound; index++) {
      const id = `00000000-0000-4000-8000-00000000000${index}`;
      await writeFile(join(dataDir, 'unfinished', id), createdAt.toISOString());
    }
  };

  it('the embedded service accepts jobs again, however many it could not store meanwhile', async () => {
    const service = await start();
    await writeFile(join(dataDir, 'jobs'), 'in the way');
    for (let index = 0; index < 2 * bound; index++) expect(await execute(service)).toBe(500);
    await rm(join(dataDir, 'jobs'));
    expect(await execute(service)).toBe(200);
    await expect.poll(markers).toEqual([]);
  });

  it('the embedded service accepts no more concurrent jobs than may be unfinished', async () => {
    const service = await start();
    const together = Array.from({ length: 8 * bound }, () => execute(service, 60));
    const statuses = await Promise.all(together);
    expect(statuses.filter((status) => status === 200)).toHaveLength(bound);
  });

  it('the running embedded service removes markers of requests whose time is over', async () => {
    const service = await start();
    await leaveMarkers(new Date());
    expect(await execute(service)).toBe(503);
    await leaveMarkers(new Date(Date.now() - 3_600_000));
    await expect.poll(markers).toEqual([]);
  });

  it('the starting embedded service removes markers of an earlier run', async () => {
    await leaveMarkers(new Date(Date.now() - 1));
    await start(3600);
    await expect.poll(markers).toEqual([]);
  });
});
