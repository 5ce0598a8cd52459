import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const buffer = { maxBuffer: 64 * 1024 * 1024 };

/**
 * Builds, stores and runs container images with Debian's buildah, without an engine or a registry of the
 * network.
 */
export interface Buildah {
  /** Variables of programs that call buildah. */
  readonly variables: Readonly<NodeJS.ProcessEnv>;
  /** Address of a registry that accepts pushed images: `127.0.0.1:1234`. */
  readonly registry: string;
  buildah(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startBuildah(folder: string): Promise<Buildah> {
  const registry = `127.0.0.1:${await freePort()}`;
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const variables = {
    ...process.env,
    BUILDAH_ISOLATION: 'chroot',
    STORAGE_DRIVER: 'vfs',
    CONTAINERS_STORAGE_CONF: await file(
      'storage.conf',
      `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`,
    ),
    CONTAINERS_REGISTRIES_CONF: await file(
      'registries.conf',
      `[[registry]]\nlocation = "${registry}"\ninsecure = true\n`,
    ),
  };
  const configuration = await file(
    'registry.yml',
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${folder}/registry}}\nhttp: {addr: "${registry}"}\n`,
  );
  const server: ChildProcess = spawn('docker-registry', ['serve', configuration], {
    stdio: 'ignore',
  });
  return {
    variables,
    registry,
    buildah: async (...args) =>
      (await run('buildah', args, { env: variables, ...buffer })).stdout.trim(),
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Replaces the Node.js image of Docker Hub where that cannot be fetched. It is Debian as debootstrap makes
 * it, with the Node.js and npm that run the test, and the user `node`.
 */
export async function makeNodeImage({ buildah }: Buildah, folder: string): Promise<string> {
  const base = join(folder, 'base');
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', base], {
    ...buffer,
  });
  await cp(process.execPath, join(base, 'usr/bin/node'));
  const modules = join(base, 'usr/lib/node_modules');
  await mkdir(modules, { recursive: true });
  const { stdout } = await run('npm', ['root', '--global']);
  await cp(join(stdout.trim(), 'npm'), join(modules, 'npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(base, 'usr/bin/npm'));
  await run('chroot', [base, 'useradd', '--create-home', '--uid', '1000', 'node']);
  // A machine behind a proxy trusts more certificates than Debian does.
  const trusted = 'etc/ssl/certs/ca-certificates.crt';
  await writeFile(join(base, trusted), await readFile(join('/', trusted)));
  await cp('/etc/apt/apt.conf.d', join(base, 'etc/apt/apt.conf.d'), { recursive: true });
  const file = join(folder, 'Dockerfile');
  await writeFile(
    file,
    `FROM scratch
COPY base /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_EXTRA_CA_CERTS=/${trusted}
`,
  );
  await buildah('build', '--tag', 'localhost/node-of-this-machine', '--file', file, folder);
  await rm(base, { recursive: true, force: true });
  return 'localhost/node-of-this-machine';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
