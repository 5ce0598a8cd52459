import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsStandIn, startAwsStandIn } from '../../bench/aws-stand-in.ts';
import { distDir } from '../../bundled.ts';

const script = `
  const { handler } = await import(${JSON.stringify(pathToFileURL(join(distDir, 'lambda', 'handler.js')).href)});
  const query = { service: 'WPS', request: 'GetCapabilities' };
  const { statusCode } = await handler(
    { httpMethod: 'GET', path: '/wps', queryStringParameters: query },
    { invokedFunctionArn: 'arn:aws:lambda:ap-southeast-2:1:function:wps:DEV', awsRequestId: 'r',
      getRemainingTimeInMillis: () => 29_000 },
  );
  console.log('answered', statusCode);
  process.exit();`;

/** Prints the URL of every file that a start loads. */
const tracer = `
import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(
  "import { writeSync } from 'node:fs';" +
  "export async function load(url, context, next) { writeSync(2, 'loaded ' + url + '\\\\n'); return next(url, context); }"
));`;

describe('a start of the function', () => {
  let standIn: AwsStandIn;
  let answered: string;
  let loaded: string[];
  /** The text of each loaded script. */
  let code: string[];
  beforeAll(async () => {
    standIn = await startAwsStandIn({
      '/configuration/DEV/wps.properties': `STATUS_LOCATION=https://wps.example.org/wps/
JOB_QUEUE_NAME=queue
JOB_DEFINITION_ECHO=echo
AWS_REGION=ap-southeast-2
OUTPUT_S3_BUCKET=outputs`,
    });
    const child = spawn(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(tracer)}`,
        '--input-type=module',
        '--eval',
        script,
      ],
      {
        env: {
          PATH: process.env['PATH'],
          AWS_ENDPOINT_URL: standIn.endpoint,
          AWS_ACCESS_KEY_ID: 'a',
          AWS_SECRET_ACCESS_KEY: 'b',
          AWS_REGION: 'ap-southeast-2',
          CONFIGURATION_S3_BUCKET: 'configuration',
          CONFIG_FILENAME: 'wps.properties',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const [printed, traced] = await Promise.all([text(child.stdout), text(child.stderr)]);
    answered = printed;
    const urls = [...traced.matchAll(/^loaded (file:.*)$/gm)].map(([, url = '']) => url);
    loaded = urls.map((url) => url.replace(/^.*\//, ''));
    code = urls
      .filter((url) => url.endsWith('.js'))
      .map((url) => readFileSync(new URL(url), 'utf8'));
  });
  afterAll(() => standIn?.stop());

  it('a cold start of the function answers GetCapabilities', () => {
    expect(answered).toContain('answered 200');
  });

  it('a cold start of the function reads its configuration without the S3 SDK', () => {
    expect(loaded.some((file) => file.startsWith('s3-client'))).toBe(false);
  });

  it('a cold start of the function loads only what its request needs: no Batch, no schema, no upload, no links', () => {
    const unneeded = /^(batch-client|decode-xml|s3-upload|s3-link|local-job-engine)/;
    expect(loaded.filter((file) => unneeded.test(file))).toEqual([]);
  });

  it.each([
    ['validator of JSON', 'False boolean schema'],
    ['page', 'Choose a process'],
    ['OpenAPI document', 'Processes on offer'],
    ['handler of OGC API', 'rel="monitor"'],
    ['decoder of WPS 2.0', 'has no GET form'],
  ])('a cold start of the function for WPS 1.0.0 does not load %s', async (_, words) => {
    const built = await readdir(join(distDir, 'chunks'));
    const all = built
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(join(distDir, 'chunks', name), 'utf8'));
    // The words exist in a chunk, but not in a loaded one.
    expect(all.some((each) => each.includes(words))).toBe(true);
    expect(code.length).toBeGreaterThan(1);
    expect(code.some((each) => each.includes(words))).toBe(false);
  });
});
