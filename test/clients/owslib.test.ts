import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from '../bench/started-service.ts';
import { distDir } from '../bundled.ts';
import { describeWhere, type Need } from '../left-out.ts';

/** Debian's Python, which can import Debian's OWSLib. */
const python = '/usr/bin/python3';
/** Importing it takes half a second. */
const findOwslib = 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("owslib"))';
const owslib: Need = {
  name: 'OWSLib',
  isMet: () => spawnSync(python, ['-c', findOwslib]).status === 0,
  from: 'apt-get install python3-owslib',
};

describeWhere([owslib], 'OWSLib', () => {
  let folder: string;
  let stop: () => void;
  let endpoint: string;
  let understood: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'owslib-'));
    const local = join(distDir, 'lambda', 'local.cjs');
    const service = await startService([local, '--port', '0', '--data-dir', join(folder, 'data')]);
    stop = () => service.process.kill('SIGKILL');
    endpoint = service.endpoint;
    const session = join(import.meta.dirname, 'owslib_session.py');
    const { stdout } = await promisify(execFile)(python, [session, endpoint, folder]);
    // OWSLib also prints what it reads, before the line of results.
    understood = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  }, 60_000);
  afterAll(async () => {
    stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('OWSLib understands the capabilities', () => {
    expect(understood['capabilities']).toMatchObject({
      title: 'Web Processing Service',
      version: '1.0.0',
      provider: 'your own machine',
      operations: ['GetCapabilities', 'DescribeProcess', 'Execute'],
      methods: ['Get', 'Post'],
      languages: ['en-US', ['en-US']],
      processes: expect.arrayContaining([['echo', 'Echo', '1.0.0']]),
    });
  });

  it('OWSLib understands a process description', () => {
    expect(understood['description']).toMatchObject({
      identifier: 'echo',
      storeSupported: true,
      statusSupported: true,
      inputs: {
        message: { type: 'string', occurs: [1, 1], default: null, anyValue: true },
        repeat: { type: 'integer', occurs: [0, 1], default: 1 },
        delaySeconds: { type: 'double', default: '0' },
        document: {
          type: 'ComplexData',
          default: 'application/json',
          supported: ['application/json', 'text/xml', 'text/plain'],
        },
      },
      outputs: { result: 'ComplexData', length: 'integer' },
    });
  });

  it('OWSLib gets all descriptions, which it asks for in lower case', () => {
    expect(understood['all_descriptions']).toContain('echo');
  });

  it('OWSLib follows an asynchronous job and downloads its output', () => {
    const { statuses, ...rest } = understood['asynchronous'] as { statuses: string[] };
    expect(statuses[0]).toBe('ProcessAccepted');
    expect(statuses).toContain('ProcessStarted');
    expect(statuses.at(-1)).toBe('ProcessSucceeded');
    expect(rest).toEqual({
      percent: 100,
      mimeType: 'application/json',
      fileName: 'result.json',
      content: { message: ['hello', 'hello'], document: null },
    });
  });

  it('OWSLib monitors a job', () => {
    expect(understood['monitored']).toEqual({
      status: 'ProcessSucceeded',
      content: 'h\u00e9llo',
    });
  });

  it('OWSLib gets the outputs of a synchronous job in the response', () => {
    expect(understood['synchronous']).toEqual({
      status: 'ProcessSucceeded',
      statusLocation: null,
      data: { result: ['a < b\n{"c": "<d>"}'], length: ['5'] },
    });
  });

  it('OWSLib gets every output when it names none, synchronously or stored', () => {
    expect(understood['without_response_form']).toEqual(['result', 'length']);
    expect(understood['all_outputs_stored']).toEqual(['ProcessSucceeded', ['result', 'length']]);
  });

  it('OWSLib gets its inputs back with lineage', () => {
    expect(understood['lineage']).toEqual({ message: ['hello'], repeat: ['2'] });
  });

  it('OWSLib reports that a job failed, and why', () => {
    expect(understood['failed_job']).toEqual({
      // OWSLib uses this status both for a failed job and for a refused request.
      status: 'Exception',
      code: 'NoApplicableCode',
      text: "The process ended with exit code 1: UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    });
  });

  it('OWSLib reports why a request is refused', () => {
    expect(understood['refused']).toEqual({
      value: expect.stringContaining('Input &quot;repeat&quot; is &quot;9&quot;; allowed: 1 to 5.'),
      process: expect.stringContaining('Process &quot;nothing&quot; is not offered'),
      'no inputs': expect.stringContaining('Input &quot;message&quot; is missing.'),
      language: expect.stringContaining('Language &quot;de&quot; is not offered'),
    });
  });

  it("OWSLib runs the README's example", async () => {
    const readme = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
    const program = /```python\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    await promisify(execFile)(python, ['-c', `endpoint = '${endpoint}'\n${program}`], {
      cwd: folder,
    });
    expect(await readFile(join(folder, 'echo.txt'), 'utf8')).toBe('hello\nhello\n{"a": 1}\n');
  });
});
