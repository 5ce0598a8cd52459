import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface StartedService {
  readonly endpoint: string;
  readonly process: ChildProcess;
}

/** Variables of measured children. Extra certificates alone would add 30 ms to every start. */
export const measuredEnvironment = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** Starts a service, and resolves once it has printed `WPS endpoint: <url>`. */
export async function startService(
  args: readonly string[],
  stderr: 'ignore' | 'pipe' = 'ignore',
  variables: Readonly<Record<string, string>> = {},
  node = process.execPath,
): Promise<StartedService> {
  const child = spawn(node, args, {
    stdio: ['ignore', 'pipe', stderr],
    env: { ...measuredEnvironment, ...variables },
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    createInterface({ input: child.stdout as Readable }).on('line', (line) => {
      const found = /^WPS endpoint: (\S+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
  return { endpoint, process: child };
}
