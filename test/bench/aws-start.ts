import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
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

/** What one start does before it ends. Each includes the work of the one before it. */
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
 * From the start of the process to the first response of the function's bundle, compared with `node -e 0`.
 * The endpoint on this machine answers at once. Measured on this Node.js and on the runtime's own, there also
 * with the compile cache. The differences between the first rows are the costs of loading, of configuration
 * and SDK, and of the request schema.
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
  const bare: Taken[] = [];
  const times = new Map<string, Taken[]>(Object.keys(starts).map((name) => [name, []]));
  // The first round fills the caches and is not counted.
  for (let round = -1; round < rounds; round++) {
    const floor = await taken(node, ['-e', nothing], {});
    if (round >= 0) bare.push(floor);
    for (const [name, event] of Object.entries(starts)) {
      const time = await taken(node, [child, handler, event], variables);
      if (round >= 0) times.get(name)?.push(time);
    }
  }
  const figures = (name: string, values: readonly Taken[]): Figure[] => {
    const aim = aims[name];
    const figure = (kind: string, of: (taken: Taken) => number): Figure => ({
      name: `${version}${suffix}: ${name}${kind}`,
      value: median(values.map(of)),
      unit: 'ms',
      ratio: median(values.map(of)) / median(bare.map(of)),
      floor: 'node -e 0',
      ...(aim === undefined ? {} : { aim }),
    });
    return [
      figure(': processor time', ({ processor }) => processor),
      figure('', ({ wall }) => wall),
    ];
  };
  return [
    ...figures('node -e 0', bare),
    ...[...times].flatMap(([name, values]) => figures(name, values)),
  ];
}

/** Duration of a start, in milliseconds. */
interface Taken {
  readonly wall: number;
  /** Processor time, which other programs disturb less. */
  readonly processor: number;
}

/** Does nothing except report the processor time, as the child does. */
const nothing =
  'const { user, system } = process.cpuUsage(); fs.writeSync(3, String(user + system))';

async function taken(
  node: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Taken> {
  const start = performance.now();
  const child = spawn(node, args, {
    env: { ...measuredEnvironment, ...variables },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [told, [code]] = await Promise.all([text(child.stdio[3] as Readable), once(child, 'exit')]);
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return { wall: performance.now() - start, processor: Number(told) / 1000 };
}

async function output(node: string, args: readonly string[]): Promise<string> {
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return text;
}
