import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { writeDescribedProcesses } from '../../lambda/build/described-processes.ts';
import { makeClone, pathWithNetcdf, stepsOfPage, take } from '../docs/walk-of-adding-a-process.ts';
import { describeWith } from '../gogoduck/tools.ts';
import { type BatchAgents, startBatchAgents } from './batch-agents.ts';
import { createBatchResources } from './batch-resources.ts';
import { bucketsOf } from './buckets.ts';
import { emulatedRegion } from './emulator.ts';
import { contextOf, functionVariables } from './function-calls.ts';
import { restEvent, throughGateway } from './gateway-events.ts';

const root = join(import.meta.dirname, '..', '..');
const context = contextOf('wps:DEV', 120_000);

describeWith(['netCDF4'], 'the process of docs/adding-a-process.md on AWS', () => {
  let agents: BatchAgents;
  beforeAll(async () => {
    vi.stubEnv('PATH', pathWithNetcdf());
    agents = await startBatchAgents(async () => undefined);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    vi.doUnmock('../../batch-jobs/described-processes.ts');
    await agents?.stop();
  });

  it("a process of one's own is built into the functions, runs in its job definition, and answers from S3", async () => {
    const clone = await makeClone();
    const steps = await stepsOfPage();
    for (const step of steps) {
      const isWriting = step.kind === 'file' || step.command.startsWith('npm run new-process');
      if (isWriting) await take(step, clone);
    }
    // Reads the folders of `processes.folders` as `npm run build` does, into a module of this test.
    const built = await mkdtemp(join(tmpdir(), 'described-'));
    onTestFinished(() => rm(built, { recursive: true, force: true }));
    const file = join(built, 'described-processes.ts');
    await writeDescribedProcesses(root, [join(clone, 'my-processes')], file);
    const described: Record<string, unknown> = await import(file);
    vi.doMock('../../batch-jobs/described-processes.ts', () => described);

    const { emulator } = agents;
    for (const [name, value] of Object.entries(functionVariables(emulator, 'configuration'))) {
      vi.stubEnv(name, value);
    }
    const buckets = bucketsOf(emulator);
    for (const bucket of ['configuration', 'outputs']) await buckets.create(bucket);
    // In an image, the program is beside the runner. Here the variable names its folder.
    const variables = { WPS_PROCESSES_DIR: join(clone, 'my-processes') };
    await createBatchResources(emulator, {
      queues: ['queue'],
      jobDefinitions: [{ name: 'sea-level', variables }],
    });
    await buckets.put(
      'configuration',
      'DEV/wps.properties',
      `STATUS_LOCATION=https://wps.example.org/dev/wps/
JOB_NAME=dev
JOB_QUEUE_NAME=queue
JOB_DEFINITION_SEA_LEVEL=sea-level
AWS_REGION=${emulatedRegion}
OUTPUT_S3_BUCKET=outputs
JOB_OVERDUE_SECONDS=1
`,
    );
    const { handler } = await import('../../lambda/handler.ts');
    const send = async (sent: Parameters<typeof restEvent>[0]) =>
      await throughGateway(handler, restEvent(sent), context);
    const [call = ''] = steps.flatMap((step) =>
      step.kind === 'command' && step.command.includes('/execution') ? [step.command] : [],
    );
    const [, body = ''] = /--data '([^']+)'/.exec(call) ?? [];
    const accepted = await send({
      method: 'POST',
      path: new URL(call.split(' ').at(-1) ?? '').pathname,
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body,
    });
    expect(accepted.statusCode, accepted.body).toBe(201);
    const { jobID } = JSON.parse(accepted.body);
    const statusOf = async () => (await send({ method: 'GET', path: `/jobs/${jobID}` })).body;
    await expect.poll(statusOf).toMatch(/"status": ?"(successful|failed)"/);
    expect(JSON.parse(await statusOf())).toMatchObject({ status: 'successful' });
    const fetched = async (name: string) => {
      const { headers } = await send({ method: 'GET', path: `/wps/outputs/${jobID}/${name}` });
      return Buffer.from(await (await fetch(String(headers?.['location']))).arrayBuffer());
    };
    const [grid, picture] = [await fetched('grid.nc'), await fetched('picture.png')];
    expect(grid.subarray(1, 4).toString('latin1')).toBe('HDF');
    expect(picture.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    const names = (await buckets.list('outputs', 'jobs/')).map((key) => key.split('/').at(-1));
    expect(names).toEqual(expect.arrayContaining(['grid.nc', 'picture.png']));
  });
});
