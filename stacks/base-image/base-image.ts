import { z } from 'zod';

/** The Dockerfiles, relative to the project root, that name the Node.js base image of all other images. */
export const dockerfiles = ['batch-jobs/runner/Dockerfile', 'batch-jobs/runner/build.Dockerfile'];

/** All files that name it: pull requests are tested in the same image. */
export const filesWithBaseImage = [...dockerfiles, '.github/workflows/pull-request.yml'];

/** An official image of Docker Hub: `node:22.23.3-bookworm-slim`, with or without its digest. */
export interface BaseImage {
  readonly name: string;
  readonly tag: string;
  /** The digest, `sha256:...`. */
  readonly digest?: string;
}

const line =
  /^(?<before>ARG NODE_IMAGE=| +container: )(?<name>[a-z]+):(?<tag>[\w.-]+)(@(?<digest>sha256:[0-9a-f]{64}))?$/m;

/**
 * @param text of a Dockerfile or a workflow
 * @throws when it names no such image
 */
export function baseImageIn(text: string): BaseImage {
  const { name, tag, digest } = line.exec(text)?.groups ?? {};
  if (name === undefined || tag === undefined) {
    throw new Error(
      'there is no line "ARG NODE_IMAGE=name:tag" (of a Dockerfile) or "container: name:tag" (of a workflow) with an official image',
    );
  }
  return { name, tag, ...(digest === undefined ? {} : { digest }) };
}

/** The Dockerfile or workflow with another base image. */
export function withBaseImage(text: string, { name, tag, digest }: BaseImage): string {
  const image = `${name}:${tag}${digest === undefined ? '' : `@${digest}`}`;
  return text.replace(line, `$<before>${image}`);
}

/** The moving tag of a version's line: `node:22-bookworm-slim` for `node:22.23.3-bookworm-slim`. */
export function movingImage({ name, tag }: BaseImage): BaseImage {
  return { name, tag: tag.replace(/^(\d+)[.\d]*/, '$1') };
}

const anyImage = /^ARG NODE_IMAGE=(?<image>\S+)$/m;

/**
 * A tag may name another image after a rebuild; a digest always names the same one.
 *
 * @param read returns the text of one of `dockerfiles`
 * @throws when a Dockerfile names its Node.js image by a tag alone
 */
export function requirePinnedBase(read: (file: string) => string): void {
  for (const file of dockerfiles) {
    const image = anyImage.exec(read(file))?.groups?.['image'] ?? 'no Node.js image';
    if (/@sha256:[0-9a-f]{64}$/.test(image)) continue;
    throw new Error(
      `${file} names ${image} without a digest, so that two builds of one commit may differ; run "npm run pin-base-image" and commit what it writes, or name the image of a mirror with --node-image`,
    );
  }
}

/** Media types of manifests that cover all architectures of an image. */
const ofAllArchitectures = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/**
 * Asks a registry for the digest that a tag has now: that of the manifest for all architectures.
 *
 * Source: OCI Distribution Specification 1.1, "Pulling manifests"; Docker, "Registry token authentication"
 *
 * @throws if the registry returns no digest
 */
export async function digestOf(
  { name, tag }: BaseImage,
  registry = 'https://registry-1.docker.io',
): Promise<string> {
  const url = `${registry}/v2/library/${name}/manifests/${tag}`;
  const ask = (headers: Readonly<Record<string, string>>) =>
    fetch(url, {
      method: 'HEAD',
      headers: { accept: ofAllArchitectures, ...headers },
      signal: AbortSignal.timeout(30_000),
    });
  let answer = await ask({});
  if (answer.status === 401) {
    const token = await tokenFor(answer.headers.get('www-authenticate') ?? '');
    answer = await ask({ authorization: `Bearer ${token}` });
  }
  const digest = answer.headers.get('docker-content-digest');
  if (!answer.ok || digest === null || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new Error(`${url} answers with HTTP ${answer.status} and no digest; is the tag there?`);
  }
  return digest;
}

/** An anonymous token from the server that the registry's challenge names. */
async function tokenFor(challenge: string): Promise<string> {
  const { realm, ...parameters } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  if (!/^Bearer /i.test(challenge) || realm === undefined) {
    throw new Error(
      `the registry asks for credentials in a way that is not known here: ${challenge}`,
    );
  }
  const answer = await fetch(`${realm}?${new URLSearchParams(parameters)}`, {
    signal: AbortSignal.timeout(30_000),
  });
  const { token } = z.object({ token: z.string() }).parse(await answer.json());
  return token;
}
