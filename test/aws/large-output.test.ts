import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketsOf } from './buckets.ts';
import { type Emulator, startEmulator } from './emulator.ts';

describe('an output larger than the memory of its job', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
    await bucketsOf(emulator).create('outputs');
  });
  afterAll(() => emulator?.stop());

  it('an output larger than the memory of its job is streamed to S3', async () => {
    const bytes = 640 * 1024 * 1024;
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'large-output-child.ts'), String(bytes)],
      { env: { ...process.env, ...emulator.variables }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const { exitCode, size, maximumBytes } = JSON.parse(await text(child.stdout));
    expect({ exitCode, size }).toEqual({ exitCode: 0, size: bytes });
    expect(maximumBytes).toBeLessThan(bytes / 1.5);
  });
});
