import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  baseImageIn,
  digestOf,
  dockerfiles,
  filesWithBaseImage,
  requirePinnedBase,
  withBaseImage,
} from '../../stacks/base-image/base-image.ts';
import { checkBaseImage, pinBaseImage } from '../../stacks/base-image/pin-base-image.ts';
import { run } from '../aws/terraform.ts';
import { asOneFile } from '../one-file.ts';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'stacks', 'base-image', 'main.ts');
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
let registry: Server;
let url: string;
/** The requested paths, in order. */
let asked: string[];
beforeAll(async () => {
  registry = createServer(({ method, url: path = '', headers }, response) => {
    asked.push(`${method} ${path} ${headers.authorization ?? ''}`.trim());
    if (path.startsWith('/token')) {
      response.end(JSON.stringify({ token: 'given' }));
    } else if (headers.authorization !== 'Bearer given') {
      const challenge = `Bearer realm="${url}/token",service="registry",scope="repository:library/node:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    } else if (path.endsWith('/unknown')) {
      response.writeHead(404).end();
    } else {
      const isIndex = headers.accept?.includes('application/vnd.oci.image.index.v1+json');
      response.writeHead(200, isIndex ? { 'docker-content-digest': digest } : {}).end();
    }
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  asked = [];
});
afterAll(() => registry.close());

it('Dockerfiles and the workflow of pull requests name the same base image', () => {
  const [first, ...others] = filesWithBaseImage.map((file) =>
    baseImageIn(readFileSync(join(root, file), 'utf8')),
  );
  expect(others).toEqual([first, first]);
  expect(() => baseImageIn('jobs: {}')).toThrow(/no line "ARG NODE_IMAGE=name:tag".*container/);
});

it('images are built only on a base image with a digest', () => {
  const shipped = (file: string) => readFileSync(join(root, file), 'utf8');
  expect(() => requirePinnedBase(shipped)).not.toThrow();
  for (const unpinned of dockerfiles) {
    const read = (file: string) =>
      file === unpinned
        ? withBaseImage(shipped(file), { name: 'node', tag: '22-bookworm-slim' })
        : shipped(file);
    expect(() => requirePinnedBase(read)).toThrow(
      `${unpinned} names node:22-bookworm-slim without a digest, so that two builds of one commit may differ; run "npm run pin-base-image"`,
    );
  }
  // An image of another registry is allowed as well.
  const own = 'ARG NODE_IMAGE=registry.example.org:5000/node:22';
  expect(() => requirePinnedBase(() => own)).toThrow(/names registry\.example\.org:5000\/node:22/);
  expect(() => requirePinnedBase(() => `${own}@${digest}`)).not.toThrow();
  expect(() => requirePinnedBase(() => `${own}@sha256:0123`)).toThrow();
});

it('a base image that is no longer the newest of its major version is reported, and not changed', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'base-image-'));
  const [file = ''] = dockerfiles;
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  const write = (tag: string, pinned: string) => {
    const image = { name: 'node', tag, digest: pinned };
    const text = withBaseImage(readFileSync(join(root, file), 'utf8'), image);
    writeFileSync(join(copy, file), text);
    return text;
  };
  asked = [];
  write('22.0.0-slim', digest);
  expect(await checkBaseImage({ registry: url, root: copy })).toBe(
    'node:22.0.0-slim is the newest node:22-slim',
  );
  expect(asked[0]).toBe('HEAD /v2/library/node/manifests/22-slim');
  const text = write('22.0.0-slim', digest.replace('0', '1'));
  const { code, stderr } = await run(
    process.execPath,
    [...[await asOneFile(program), '--check'], ...['--registry', url, '--root', copy]],
    { folder: root, variables: {} },
  );
  expect(code).toBe(1);
  expect(stderr).toContain(`and node:22-slim is ${digest} now; run "npm run pin-base-image"`);
  expect(readFileSync(join(copy, file), 'utf8')).toBe(text);
  rmSync(copy, { recursive: true });
});

it('the digest of a tag is read from the registry, with the token that the registry asks for', async () => {
  asked = [];
  expect(await digestOf({ name: 'node', tag: '22.0.0-slim' }, url)).toBe(digest);
  expect(asked).toEqual([
    'HEAD /v2/library/node/manifests/22.0.0-slim',
    'GET /token?service=registry&scope=repository%3Alibrary%2Fnode%3Apull',
    'HEAD /v2/library/node/manifests/22.0.0-slim Bearer given',
  ]);
  await expect(digestOf({ name: 'node', tag: 'unknown' }, url)).rejects.toThrow(
    /manifests\/unknown answers with HTTP 404 and no digest; is the tag there\?/,
  );
});

it('the command pins the current tag, or another, in each file, and can be repeated', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'base-image-'));
  for (const file of filesWithBaseImage) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  const { tag } = baseImageIn(readFileSync(join(root, filesWithBaseImage[0] ?? ''), 'utf8'));
  const byCommand = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(
      process.execPath,
      [await asOneFile(program), '--registry', url, '--root', copy, ...args],
      { folder: root, variables: {} },
    );
    expect(code, stderr).toBe(0);
    return stdout.trimEnd().split('\n');
  };
  for (const [wanted, pin] of [
    [tag, () => pinBaseImage({ registry: url, root: copy })],
    ['22.99.0-bookworm-slim', () => byCommand('--tag', '22.99.0-bookworm-slim')],
  ] as const) {
    const lines = await pin();
    expect(lines).toEqual(filesWithBaseImage.map((file) => `${file}: node:${wanted}@${digest}`));
    for (const file of filesWithBaseImage) {
      const text = readFileSync(join(copy, file), 'utf8');
      expect(baseImageIn(text)).toEqual({ name: 'node', tag: wanted, digest });
      expect(text.split('\n').length).toBe(
        readFileSync(join(root, file), 'utf8').split('\n').length,
      );
    }
  }
  rmSync(copy, { recursive: true });
});
