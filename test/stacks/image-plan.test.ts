import { expect, it } from 'vitest';
import { builders } from '../../stacks/images/builder.ts';
import { imagePlan } from '../../stacks/images/image-plan.ts';

const options = {
  root: '/project',
  images: [
    { name: 'echo', folder: '/project/batch-jobs/echo', reference: 'registry.example/echo:1' },
    { name: 'tides', folder: '/elsewhere/tides', reference: 'registry.example/tides:2' },
  ],
  platform: 'linux/arm64',
  nodeImage: 'mirror.example/node:22',
  push: true,
};

it.each(builders)('%s builds the common images first, and pushes last', (builder) => {
  const build = `${builder} build --platform linux/arm64`;
  const node = '--build-arg NODE_IMAGE=mirror.example/node:22';
  const ofProcess = '--build-arg RUNNER_IMAGE=wps-runner --build-arg BUILD_IMAGE=wps-build';
  const plan = imagePlan({ ...options, builder });
  expect(plan.map(({ purpose, command }) => [purpose, command.join(' ')])).toEqual([
    [
      'build the sources',
      `${build} ${node} --tag wps-build --file /project/batch-jobs/runner/build.Dockerfile /project`,
    ],
    [
      'build what all images stand on',
      `${build} ${node} --build-arg BUILD_IMAGE=wps-build --tag wps-runner --file /project/batch-jobs/runner/Dockerfile /project`,
    ],
    [
      'build the image of echo',
      `${build} ${ofProcess} --tag registry.example/echo:1 --file /project/batch-jobs/echo/Dockerfile /project/batch-jobs/echo`,
    ],
    [
      'build the image of tides',
      `${build} ${ofProcess} --tag registry.example/tides:2 --file /elsewhere/tides/Dockerfile /elsewhere/tides`,
    ],
    ['push the image of echo', `${builder} push registry.example/echo:1`],
    ['push the image of tides', `${builder} push registry.example/tides:2`],
  ]);
});

it('images are built on the Node.js that the Dockerfiles name, and stay here if they are not pushed', () => {
  const { nodeImage: _, ...others } = options;
  const commands = imagePlan({ ...others, builder: 'docker', push: false }).map(({ command }) =>
    command.join(' '),
  );
  expect(commands).toHaveLength(4);
  expect(commands.join('\n')).not.toMatch(/NODE_IMAGE| push /);
  expect(imagePlan({ ...options, builder: 'docker', images: [] })).toEqual([]);
});
