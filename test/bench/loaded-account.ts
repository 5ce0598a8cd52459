import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createBatchResources } from '../aws/batch-resources.ts';
import { bucketsOf } from '../aws/buckets.ts';
import { type Emulator, emulatedRegion, startEmulator } from '../aws/emulator.ts';
import { measuredEnvironment } from './started-service.ts';

/** An account at the emulator where the function answers, and where jobs of `echo` wait. */
export interface LoadedAccount {
  readonly emulator: Emulator;
  /**
   * Runs a script of this folder with the function's variables. The script prints `{"figures": ...}` as a
   * line of its standard error.
   *
   * @throws with its output, when it ends without figures
   */
  measure<T>(script: string): Promise<T>;
}

/** The caller has to stop the emulator. */
export async function startLoadedAccount(): Promise<LoadedAccount> {
  const emulator = await startEmulator();
  const buckets = bucketsOf(emulator);
  for (const bucket of ['configuration', 'outputs']) await buckets.create(bucket);
  await createBatchResources(emulator, {
    queues: ['queue', 'bare'],
    jobDefinitions: [{ name: 'echo' }],
  });
  await buckets.put(
    'configuration',
    'DEV/wps.properties',
    `STATUS_LOCATION=https://wps.example.org/DEV/wps/
JOB_QUEUE_NAME=queue
JOB_DEFINITION_ECHO=echo
AWS_REGION=${emulatedRegion}
OUTPUT_S3_BUCKET=outputs
MAX_UNFINISHED_JOBS=100000
`,
  );
  return { emulator, measure: (script) => measure(script, emulator) };
}

async function measure<T>(script: string, emulator: Emulator): Promise<T> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', path], {
    env: {
      ...measuredEnvironment,
      ...emulator.variables,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      CONFIGURATION_S3_BUCKET: 'configuration',
      CONFIG_FILENAME: 'wps.properties',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  for await (const chunk of child.stderr) text += String(chunk);
  const line = text.split('\n').find((found) => found.startsWith('{"figures"'));
  if (!line) throw new Error(`the load ended early: ${text}`);
  return (JSON.parse(line) as { figures: T }).figures;
}
