/**
 * A function under load. Passes many Execute requests to the built handler at once, then makes the same calls
 * of S3 and Batch bare. Prints its figures as JSON. Run with `--expose-gc`.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { BatchClient, SubmitJobCommand } from '@aws-sdk/client-batch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { distDir } from '../bundled.ts';
import { executeRequest } from './execute-request.ts';

const requests = 2_000;
const inFlight = 64;
/** Bare calls are many and all the same, so fewer of them are enough. */
const bareRequests = 500;

const { handler } = await import(join(distDir, 'lambda', 'handler.js'));
const event = { httpMethod: 'POST', path: '/wps', body: executeRequest };
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

let accepted = 0;
const heap: number[] = [];
const execute = async () => {
  const { statusCode, body } = await handler(event, context);
  if (statusCode === 200 && String(body).includes('ProcessAccepted')) accepted++;
};
await execute();
accepted = 0;
const times = await timed(requests, execute, (done) => {
  if (done % (requests / 4) !== 0) return;
  globalThis.gc?.();
  heap.push(process.memoryUsage().heapUsed / 2 ** 20);
});

const s3 = new S3Client({});
const batch = new BatchClient({});
const bare = await timed(bareRequests, bareCalls);
process.stdout.write(`${JSON.stringify({ figures: { accepted, requests, times, bare, heap } })}\n`);
process.exit(0);

/** The calls of S3 and Batch that one Execute makes, in the same order. */
async function bareCalls(): Promise<void> {
  const id = randomUUID();
  const put = (name: string, more: object = {}) =>
    s3.send(
      new PutObjectCommand({
        Bucket: 'outputs',
        Key: `bare/${id}/${name}`,
        Body: executeRequest,
        ServerSideEncryption: 'AES256',
        ...more,
      }),
    );
  await Promise.all(
    ['marker', 'request.xml', 'inputs.json', 'status.xml'].map((name) => put(name)),
  );
  const { ETag } = await put('job.json', { IfNoneMatch: '*' });
  await batch.send(
    new SubmitJobCommand({ jobName: `bare-${id}`, jobQueue: 'bare', jobDefinition: 'echo' }),
  );
  await put('job.json', { IfMatch: ETag });
}

async function timed(
  count: number,
  run: () => Promise<void>,
  afterEach: (done: number) => void = () => undefined,
): Promise<number[]> {
  const taken: number[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) {
        const start = performance.now();
        await run();
        taken.push(performance.now() - start);
        afterEach(taken.length);
      }
    }),
  );
  return taken;
}
