import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { startEmbeddedService } from '../../../lambda/embedded/embedded-service.ts';
import { distDir } from '../../bundled.ts';
import {
  describeOneSetOfJobs,
  type GivenAnswer,
  type SentRequest,
} from '../../contracts/one-set-of-jobs.ts';

let folder: string;
let service: Awaited<ReturnType<typeof startEmbeddedService>>;
let base: string;
let jobOutput: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-set-'));
  jobOutput = openSync(join(folder, 'job-output'), 'w');
  service = await startEmbeddedService({
    port: 0,
    dataDir: folder,
    layersDir: folder,
    batchJobsDir: join(distDir, 'batch-jobs'),
    environment: { PATH: process.env['PATH'] },
    allowOrigin: '*',
    log: jsonLog(() => undefined),
    jobOutput,
  });
  base = service.endpoint.replace(/\/wps$/, '');
});
afterAll(async () => {
  await service?.close();
  closeSync(jobOutput);
  await rm(folder, { recursive: true, force: true });
});

async function send(request: SentRequest): Promise<GivenAnswer> {
  const { method, path, query = '', headers = {}, body } = request;
  const answer = await fetch(`${base}${path}${query && `?${query}`}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: await answer.text(),
  };
}

describeOneSetOfJobs('on one machine over HTTP', () => ({ send, listsJobs: true }));

it('the service on one machine answers ranges of an output', async () => {
  const made = await send({
    method: 'POST',
    path: '/processes/echo/execution',
    headers: { 'content-type': 'application/json', prefer: 'respond-sync' },
    body: '{"inputs":{"message":"0123456789"},"response":"document"}',
  });
  expect(made.status, made.body).toBe(200);
  const id = /\/jobs\/([0-9a-f-]{36})/.exec(made.headers['link'] ?? '')?.[1] ?? '';
  for (const path of [`/jobs/${id}/results/result`, `/wps/outputs/${id}/result.txt`]) {
    const part = (headers: Record<string, string>) => send({ method: 'GET', path, headers });
    const { etag = '' } = (await part({})).headers;
    expect(await part({ range: 'bytes=2-4' })).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 2-4/11', 'content-length': '3' },
      body: '234',
    });
    expect(await part({ range: 'bytes=-3', 'if-range': etag })).toMatchObject({ body: '89\n' });
    expect(await part({ range: 'bytes=2-4', 'if-range': '"other"' })).toMatchObject({
      status: 200,
      body: '0123456789\n',
    });
    expect(await part({ range: 'bytes=11-' })).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */11' },
    });
    expect((await part({ 'if-none-match': etag })).status).toBe(304);
  }
});
