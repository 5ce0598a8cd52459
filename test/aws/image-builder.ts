import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { emulatedAccount, emulatedRegion } from './emulator.ts';

/** A stand-in for EC2 Image Builder, which the emulator lacks. It stores what it receives. */
export interface ImageBuilder {
  readonly endpoint: string;
  /** All resources by ARN, each as the request that created it or changed it last. */
  readonly resources: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

type Resource = Record<string, unknown>;

interface Kind {
  /** The part of its operations' names: `CreateImageRecipe`. */
  readonly operation: string;
  /** The part of its ARNs: `image-recipe`. */
  readonly type: string;
  /** Key of the ARN in requests and answers. */
  readonly arnKey: string;
  /** Key of the resource in the answers of Get operations. */
  readonly key: string;
  readonly versioned?: boolean;
}

const kinds: readonly Kind[] = [
  {
    operation: 'Component',
    type: 'component',
    arnKey: 'componentBuildVersionArn',
    key: 'component',
    versioned: true,
  },
  {
    operation: 'ImageRecipe',
    type: 'image-recipe',
    arnKey: 'imageRecipeArn',
    key: 'imageRecipe',
    versioned: true,
  },
  ...(
    [
      [
        'InfrastructureConfiguration',
        'infrastructure-configuration',
        'infrastructureConfiguration',
      ],
      ['DistributionConfiguration', 'distribution-configuration', 'distributionConfiguration'],
      ['ImagePipeline', 'image-pipeline', 'imagePipeline'],
      ['LifecyclePolicy', 'lifecycle-policy', 'lifecyclePolicy'],
    ] as const
  ).map(([operation, type, key]) => ({ operation, type, key, arnKey: `${key}Arn` })),
];

class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Starts the stand-in. Like Image Builder, it refuses a second resource of the same name and version, and
 * refuses to delete a resource that another one uses.
 *
 * Source: https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Operations.html
 */
export async function startImageBuilder(): Promise<ImageBuilder> {
  const resources = new Map<string, Resource>();
  const server = createServer((request, response) => {
    answer(request, resources).then(
      (body) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
      (error) => {
        const code = error instanceof Refusal ? error.code : 'ServiceException';
        const status = error instanceof Refusal ? 400 : 500;
        response.writeHead(status, {
          'content-type': 'application/json',
          'x-amzn-errortype': code,
        });
        response.end(JSON.stringify({ message: String(error.message) }));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    resources,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  resources: Map<string, Resource>,
): Promise<Resource> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname.startsWith('/tags/')) {
    const resource = find(resources, decodeURIComponent(url.pathname.slice('/tags/'.length)));
    return { tags: resource['tags'] ?? {} };
  }
  const [, verb, name] = /^\/(Create|Get|Update|Delete)(\w+)$/.exec(url.pathname) ?? [];
  const kind = kinds.find(({ operation }) => operation === name);
  if (!kind || !verb) throw new Error(`the stand-in knows no ${request.method} ${url.pathname}`);
  const body =
    request.method === 'PUT'
      ? ((await json(request)) as Resource)
      : Object.fromEntries(url.searchParams);
  switch (verb) {
    case 'Create':
      return create(kind, body, resources);
    case 'Get':
      return { [kind.key]: find(resources, String(body[kind.arnKey])) };
    case 'Update': {
      const arn = String(body[kind.arnKey]);
      resources.set(arn, stored(kind, arn, { ...find(resources, arn), ...body }));
      return { [kind.arnKey]: arn };
    }
    default:
      return remove(kind, String(body[kind.arnKey]), resources);
  }
}

function create(kind: Kind, body: Resource, resources: Map<string, Resource>): Resource {
  const slug = String(body['name'])
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const version = kind.versioned ? `/${body['semanticVersion']}` : '';
  const build = kind.type === 'component' ? '/1' : '';
  const arn = `arn:aws:imagebuilder:${emulatedRegion}:${emulatedAccount}:${kind.type}/${slug}${version}${build}`;
  if (resources.has(arn)) throw new Refusal('ResourceAlreadyExistsException', `${arn} exists`);
  resources.set(arn, stored(kind, arn, body));
  return { [kind.arnKey]: arn };
}

/** The answer of Get, a few of whose names differ from those in the request of Create. */
function stored(kind: Kind, arn: string, body: Resource): Resource {
  const { clientToken, semanticVersion, ...rest } = body;
  return {
    ...rest,
    arn,
    ...(kind.versioned ? { version: semanticVersion ?? body['version'] } : {}),
    ...(kind.type === 'component' ? { type: 'BUILD', owner: emulatedAccount } : {}),
    status: body['status'] ?? 'ENABLED',
  };
}

function remove(kind: Kind, arn: string, resources: Map<string, Resource>): Resource {
  find(resources, arn);
  for (const [other, resource] of resources) {
    if (other !== arn && JSON.stringify(resource).includes(`"${arn}"`)) {
      throw new Refusal('ResourceDependencyException', `${arn} is used by ${other}`);
    }
  }
  resources.delete(arn);
  return { [kind.arnKey]: arn };
}

function find(resources: Map<string, Resource>, arn: string): Resource {
  const resource = resources.get(arn);
  if (!resource) throw new Refusal('ResourceNotFoundException', `${arn} is not there`);
  return resource;
}
