import { createInterface } from 'node:readline';
import { execa } from 'execa';

/** A running AWS emulator (moto's server) of this test file's own. */
export interface Emulator {
  /** Base URL of every service. */
  readonly endpoint: string;
  /** Variables that turn the SDK of a child process, or Terraform, towards the emulator. */
  readonly variables: Readonly<Record<string, string>>;
  /** Forgets everything, as a new account. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Region and account that the emulator's resources lie in. */
export const emulatedRegion = 'ap-southeast-2';
export const emulatedAccount = '123456789012';

/** What tells of a server that answers: `* Running on http://127.0.0.1:34567`. */
const running = /Running on (http:\/\/[\d.]+:\d+)/;

/**
 * Starts the emulator on a free port of 127.0.0.1 and returns once it answers.
 *
 * `MOTO_SERVER` names another program than `moto_server` (`pip install 'moto[server]'`).
 *
 * @throws when the program is not there or ends before it answers, with what it printed
 */
export async function startEmulator(): Promise<Emulator> {
  const program = process.env['MOTO_SERVER'] ?? 'moto_server';
  const server = execa(program, ['-H', '127.0.0.1', '-p', '0'], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    // The server writes a line for every request; nothing of it is kept once it runs.
    env: { PYTHONUNBUFFERED: '1' },
  });
  const printed: string[] = [];
  const lines = createInterface({ input: server.stderr });
  const endpoint = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const found = running.exec(line)?.[1];
      if (found) resolve(found);
      else if (printed.length < 50) printed.push(line);
    });
    void server.then((ended) => {
      reject(
        new Error(
          `the AWS emulator did not start: \`${program}\` ended with ` +
            `${ended.exitCode ?? ended.code ?? ended.signal}; pip install 'moto[server]' provides it, ` +
            `and MOTO_SERVER may name it.\n${printed.join('\n')}`,
        ),
      );
    });
  });

  const post = async (path: string, body?: unknown) => {
    const response = await fetch(`${endpoint}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`emulator ${path}: ${response.status}`);
    await response.arrayBuffer();
  };
  // Neither jobs nor functions are run by the emulator: it would want a container engine for that.
  await post('/moto-api/config', { batch: { use_docker: false }, lambda: { use_docker: false } });

  return {
    endpoint,
    variables: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'emulated',
      AWS_SECRET_ACCESS_KEY: 'emulated',
      AWS_REGION: emulatedRegion,
      AWS_DEFAULT_REGION: emulatedRegion,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    reset: () => post('/moto-api/reset'),
    stop: async () => {
      server.kill('SIGTERM');
      await server;
    },
  };
}
