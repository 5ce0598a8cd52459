import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Third-party software to compare our results with. */
const modules = ['netCDF4', 'h5py', 'zarr', 'xarray'] as const;
export type PythonModule = (typeof modules)[number];

/** Determined once per process, because each start of Python takes a tenth of a second. */
let found: ReadonlyMap<string, string> | undefined;

/** A Python program that has the module. */
export function pythonWith(module: PythonModule): string | undefined {
  found ??= new Map(
    ['/usr/bin/python3', 'python3'].flatMap((program) =>
      modulesOf(program).map((name) => [name, program] as const),
    ),
  );
  return found.get(module);
}

function modulesOf(program: string): readonly string[] {
  const script = `import importlib.util
print(*[name for name in '${modules.join(' ')}'.split() if importlib.util.find_spec(name)])`;
  return (spawnSync(program, ['-c', script], { encoding: 'utf8' }).stdout ?? '')
    .trim()
    .split(' ')
    .filter(Boolean);
}

type Ask = (request: string) => string;
const servers = new Map<string, Ask>();

/**
 * The output of a Python script, parsed as JSON. Scripts run in forks of one process (`python-server.py`), so
 * that each module is loaded only once.
 *
 * @param module a module that the script imports
 */
export function python(module: PythonModule, script: string, ...args: string[]): unknown {
  const program = pythonWith(module) ?? 'python3';
  const ask = servers.get(program) ?? startServer(program);
  servers.set(program, ask);
  const answer: { status: number; stdout: string; stderr: string } = JSON.parse(
    ask(JSON.stringify([module, script, args])),
  );
  if (answer.status !== 0) throw new Error(`Python ended with ${answer.status}: ${answer.stderr}`);
  return JSON.parse(answer.stdout);
}

/** Starts a server that ends with this process, because its request pipe then closes. */
function startServer(program: string): Ask {
  const folder = mkdtempSync(join(tmpdir(), 'python-'));
  const [requests, answers] = [join(folder, 'requests'), join(folder, 'answers')];
  spawnSync('mkfifo', [requests, answers]);
  const server = spawn(
    program,
    ['-W', 'ignore', join(import.meta.dirname, 'python-server.py'), requests, answers],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (server.pid === undefined) throw new Error(`${program} does not start`);
  server.unref();
  // Opening each pipe waits until the other side opens it.
  const [to, from] = [openSync(requests, 'w'), openSync(answers, 'r')];
  rmSync(folder, { recursive: true });
  return (request) => {
    writeSync(to, `${request}\n`);
    return readLine(from);
  };
}

function readLine(file: number): string {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    const read = readSync(file, chunk);
    if (read === 0) throw new Error('The Python that runs the scripts ended.');
    chunks.push(chunk.subarray(0, read));
    if (chunk[read - 1] === 10) return Buffer.concat(chunks).toString();
  }
}
