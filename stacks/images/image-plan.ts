import { join } from 'node:path';
import type { Builder } from './builder.ts';

/** The container image to build for one process. */
export interface ProcessImage {
  /** Folder name of the process. */
  readonly name: string;
  /** Folder of the process: the context of its Dockerfile. */
  readonly folder: string;
  /** Registry, repository and tag. */
  readonly reference: string;
}

export interface ImagePlanOptions {
  readonly builder: Builder;
  /** Root of the project. */
  readonly root: string;
  readonly images: readonly ProcessImage[];
  /** Such as `linux/amd64`. */
  readonly platform: string;
  /** Replaces the Node.js image that the Dockerfiles name, for example by that of a mirror. */
  readonly nodeImage?: string;
  readonly push: boolean;
}

/** A command of the plan, in exec form, and its purpose. */
export interface PlannedCommand {
  readonly purpose: string;
  readonly command: readonly [string, ...string[]];
}

/** Tags of the two images that are never pushed. */
const local = { build: 'wps-build', runner: 'wps-runner' } as const;

/**
 * The commands that build and push images, in order. They are the same for every engine: three kinds of
 * Dockerfile that refer to each other by build arguments, and no feature that one of the engines lacks.
 */
export function imagePlan(options: ImagePlanOptions): readonly PlannedCommand[] {
  const { builder, root, images, platform, nodeImage, push } = options;
  if (images.length === 0) return [];
  const runner = join(root, 'batch-jobs', 'runner');
  const build = (
    tag: string,
    file: string,
    context: string,
    values: Readonly<Record<string, string>>,
  ): readonly [string, ...string[]] => [
    builder,
    'build',
    ...['--platform', platform],
    ...Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...['--tag', tag],
    ...['--file', file],
    context,
  ];
  const node = nodeImage === undefined ? {} : { NODE_IMAGE: nodeImage };
  return [
    {
      purpose: 'build the sources',
      command: build(local.build, join(runner, 'build.Dockerfile'), root, node),
    },
    {
      purpose: 'build what all images stand on',
      command: build(local.runner, join(runner, 'Dockerfile'), root, {
        ...node,
        BUILD_IMAGE: local.build,
      }),
    },
    ...images.map(({ name, folder, reference }) => ({
      purpose: `build the image of ${name}`,
      command: build(reference, join(folder, 'Dockerfile'), folder, {
        RUNNER_IMAGE: local.runner,
        BUILD_IMAGE: local.build,
      }),
    })),
    ...(push
      ? images.map(({ name, reference }) => ({
          purpose: `push the image of ${name}`,
          command: [builder, 'push', reference] as const,
        }))
      : []),
  ];
}
