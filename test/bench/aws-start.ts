import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distDir } from '../bundled.ts';
import { startAwsStandIn } from './aws-stand-in.ts';
import { executeRequest } from './execute-request.ts';
import { type Figure, median } from './figure.ts';
import { runtimeNode } from './runtime-node.ts';
import { measuredEnvironment } from './started-service.ts';

const rounds = 15;

const configuration = `STATUS_LOCATION=https://wps.example.org/DEV/wps/
JOB_NAME=wps
JOB_QUEUE_NAME=queue
JOB_DEFINITION_ECHO=echo
AWS_REGION=ap-southeast-2
OUTPUT_S3_BUCKET=outputs
`;

const get = (queryStringParameters: object) =>
  JSON.stringify({ httpMethod: 'GET', path: '/wps', queryStringParameters });

/** What one start does before it ends; each holds what the one before it does. */
const starts = {
  'function loaded, nothing asked': '',
  GetCapabilities: get({ service: 'WPS', request: 'GetCapabilities' }),
  'Execute in a query': get({
    service: 'WPS',
    version: '1.0.0',
    request: 'Execute',
    identifier: 'echo',
    DataInputs: 'message=hello',
    storeExecuteResponse: 'true',
    status: 'true',
  }),
  'Execute in XML': JSON.stringify({ httpMethod: 'POST', path: '/wps', body: executeRequest }),
} as const;
const aims: Readonly<Record<string, string>> = { GetCapabilities: '5x', 'Execute in XML': '8x' };

/**
 * Process start to first response of the function's bundle beside `node -e 0`, against an endpoint on
 * this machine that answers at once: on this Node.js and on the runtime's own, there with the compile
 * cache, too. What the first rows add to each other is what loading, configuration and SDK, and the
 * schema of requests cost.
 */
export async function awsStart(): Promise<Figure[]> {
  const standIn = await startAwsStandIn({ '/configuration/DEV/wps.properties': configuration });
  const cache = await mkdtemp(join(tmpdir(), 'bench-compile-cache-'));
  try {
    const variables = {
      AWS_ENDPOINT_URL: standIn.endpoint,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_REGION: 'ap-southeast-2',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      CONFIGURATION_S3_BUCKET: 'configuration',
      CONFIG_FILENAME: 'wps.properties',
    };
    const runtime = runtimeNode();
    if (!runtime)
      console.error('the runtime’s own Node.js is unavailable; measuring this one only');
    return [
      ...(await measured(process.execPath, '', variables)),
      ...(runtime
        ? [
            ...(await measured(runtime, '', variables)),
            ...(await measured(runtime, ', compile cache', {
              ...variables,
              NODE_COMPILE_CACHE: cache,
            })),
          ]
        : []),
    ];
  } finally {
    standIn.stop();
    await rm(cache, { recursive: true });
  }
}

async function measured(
  node: string,
  suffix: string,
  variables: Readonly<Record<string, string>>,
): Promise<Figure[]> {
  const version = (await output(node, ['-v'])).trim();
  const child = join(import.meta.dirname, 'aws-start-child.mjs');
  const handler = join(distDir, 'lambda', 'handler.js');
  const bare: number[] = [];
  const times = new Map<string, number[]>(Object.keys(starts).map((name) => [name, []]));
  // The first round fills the caches, and is not counted.
  for (let round = -1; round < rounds; round++) {
    const floor = await timed(node, ['-e', '0'], {});
    if (round >= 0) bare.push(floor);
    for (const [name, event] of Object.entries(starts)) {
      const time = await timed(node, [child, handler, event], variables);
      if (round >= 0) times.get(name)?.push(time);
    }
  }
  const floor = median(bare);
  const figure = (name: string, values: readonly number[]): Figure => {
    const aim = aims[name];
    return {
      name: `${version}${suffix}: ${name}`,
      value: median(values),
      unit: 'ms',
      ratio: median(values) / floor,
      floor: 'node -e 0',
      ...(aim === undefined ? {} : { aim }),
    };
  };
  return [figure('node -e 0', bare), ...[...times].map(([name, values]) => figure(name, values))];
}

async function timed(
  node: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const start = performance.now();
  const child = spawn(node, args, {
    env: { ...measuredEnvironment, ...variables },
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return performance.now() - start;
}

async function output(node: string, args: readonly string[]): Promise<string> {
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return text;
}
