import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A running AWS emulator (moto's server), for one test file only. */
export interface Emulator {
  /** Base URL of every service. */
  readonly endpoint: string;
  /** Variables that make Terraform, or the SDK of a child process, use the emulator. */
  readonly variables: Readonly<Record<string, string>>;
  /** Deletes everything, as in a new account. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** `tcp://` address of the engine, or of its stand-in, that runs the containers of Batch jobs. */
  readonly containerEngine?: string;
}

/** Region and account of the emulator's resources. */
export const emulatedRegion = 'ap-southeast-2';
export const emulatedAccount = '123456789012';

/** The line that shows that the server answers: `* Running on http://127.0.0.1:34567`. */
const running = /Running on (http:\/\/[\d.]+:\d+)/;

/**
 * Starts the emulator on a free port of 127.0.0.1, and resolves once it answers.
 *
 * `MOTO_SERVER` names a program to use instead of `moto_server` (`pip install 'moto[server]'`).
 *
 * @throws with the program's output, when the program is missing or ends before it answers
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const program = process.env['MOTO_SERVER'] ?? 'moto_server';
  const server = spawn(program, ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PYTHONUNBUFFERED: '1',
      // Lets roles use the policies that Amazon maintains.
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      ...(options.containerEngine && { DOCKER_HOST: options.containerEngine }),
    },
  });
  const end = () => server.kill('SIGKILL');
  process.once('exit', end);
  const ended = once(server, 'exit').finally(() => process.off('exit', end));

  const printed: string[] = [];
  // The server writes a line per request. These lines are discarded once it runs.
  const lines = createInterface({ input: server.stderr });
  const endpoint = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        new Error(
          `the AWS emulator did not start: \`${program}\` ${why}; ` +
            `pip install 'moto[server]' provides it, and MOTO_SERVER may name it.\n${printed.join('\n')}`,
        ),
      );
    lines.on('line', (line) => {
      const found = running.exec(line)?.[1];
      if (found) resolve(found);
      else if (printed.length < 50) printed.push(line);
    });
    ended.then(
      ([code, signal]) => fail(`ended with ${code ?? signal}`),
      (error) => fail(String(error)),
    );
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
  // Without a container engine, a job succeeds as soon as it is submitted. Functions do nothing.
  await post('/moto-api/config', {
    batch: { use_docker: options.containerEngine !== undefined },
    lambda: { use_docker: false },
  });

  return {
    endpoint,
    variables: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'emulated',
      AWS_SECRET_ACCESS_KEY: 'emulated',
      AWS_REGION: emulatedRegion,
      AWS_DEFAULT_REGION: emulatedRegion,
      AWS_EC2_METADATA_DISABLED: 'true',
      // Suppresses the warning about Node.js 20, which would appear in the output of every call.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    reset: () => post('/moto-api/reset'),
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
    },
  };
}
