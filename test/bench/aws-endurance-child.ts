/**
 * A function that runs for minutes. Passes mixed requests and events to the built handlers, one at a time as
 * Lambda does. Prints the figures of each quarter of the time as JSON. Run with `--expose-gc`.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { distDir } from '../bundled.ts';
import { executeRequest } from './execute-request.ts';

const parts = 4;
const seconds = Number(process.env['BENCH_ENDURANCE_SECONDS'] ?? 240);

const { handler } = await import(join(distDir, 'lambda', 'handler.js'));
const { handler: followEvent } = await import(join(distDir, 'lambda', 'job-events.js'));
const context = {
  invokedFunctionArn: 'arn:aws:lambda:ap-southeast-2:123456789012:function:wps:DEV',
  awsRequestId: 'bench',
  getRemainingTimeInMillis: () => 29_000,
};
// The log lines would be as much as everything else.
process.stdout.write = (text: string | Uint8Array) => {
  if (String(text).startsWith('{"figures"')) process.stderr.write(text);
  return true;
};

const s3 = new S3Client({});
let statusUrl = '';

const get = (query: Readonly<Record<string, string>>) => ({
  httpMethod: 'GET',
  path: '/wps',
  queryStringParameters: { service: 'WPS', ...query },
});

async function ask(event: object, expected: number): Promise<string> {
  const { statusCode, body } = await handler(event, context);
  if (statusCode !== expected) throw new Error(`answered ${statusCode}: ${body}`);
  return String(body);
}

/** A job that is accepted and lost with its machine. Its event arrives twice, as events may. */
async function lostJob(): Promise<void> {
  const answer = await ask({ httpMethod: 'POST', path: '/wps', body: executeRequest }, 200);
  statusUrl = /statusLocation="([^"]+)"/.exec(answer)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const id = new URL(statusUrl).searchParams.get('jobId') ?? '';
  const record = await s3.send(
    new GetObjectCommand({ Bucket: 'outputs', Key: `jobs/${id}/job.json` }),
  );
  const { engineJobId } = JSON.parse((await record.Body?.transformToString()) ?? '{}');
  for (let told = 0; told < 2; told++) {
    await followEvent(
      {
        'detail-type': 'Batch Job State Change',
        detail: {
          jobId: engineJobId,
          tags: { WpsJobId: id },
          status: 'FAILED',
          statusReason: 'Host EC2 (instance i-1) terminated.',
        },
      },
      context,
    );
  }
}

async function status(): Promise<void> {
  if (statusUrl === '') return;
  const { searchParams } = new URL(statusUrl);
  const body = await ask(
    {
      httpMethod: 'GET',
      path: '/wps/jobStatus',
      queryStringParameters: Object.fromEntries(searchParams),
    },
    200,
  );
  if (!body.includes('ProcessFailed')) throw new Error(`the job did not fail: ${body}`);
}

/** The actions of ten turns. Clients poll more often than they execute. */
const mix: readonly (() => Promise<unknown>)[] = [
  () => ask(get({ request: 'GetCapabilities' }), 200),
  () => ask(get({ version: '1.0.0', request: 'DescribeProcess', identifier: 'ALL' }), 200),
  lostJob,
  ...Array.from({ length: 6 }, () => status),
  () => ask(get({ version: '1.0.0', request: 'Execute', identifier: 'nothing' }), 400),
];

const figures: object[] = [];
let turn = 0;
for (let part = 0; part < parts; part++) {
  const until = performance.now() + (seconds / parts) * 1000;
  const times: number[] = [];
  const bare: number[] = [];
  let jobs = 0;
  while (performance.now() < until) {
    const task = mix[turn++ % mix.length];
    const begun = performance.now();
    await task?.();
    times.push(performance.now() - begun);
    if (task === lostJob) jobs++;
    if (turn % 10 === 0) {
      const asked = performance.now();
      await s3.send(new PutObjectCommand({ Bucket: 'outputs', Key: 'bare', Body: 'x' }));
      bare.push(performance.now() - asked);
    }
    if (turn % 200 === 0)
      await followEvent({ 'detail-type': 'Scheduled Event', detail: {} }, context);
  }
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  figures.push({
    times,
    bare,
    jobs,
    heapMiB: heapUsed / 2 ** 20,
    residentMiB: rss / 2 ** 20,
    descriptors: readdirSync('/proc/self/fd').length,
  });
}
process.stdout.write(`${JSON.stringify({ figures })}\n`);
process.exit(0);
