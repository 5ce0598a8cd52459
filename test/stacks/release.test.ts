import { beforeAll, describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import {
  resource,
  resources,
  type SamplePlatform,
  type SynthesisedConfiguration,
  samplePlatform,
} from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

async function prodWith(
  release: EnvironmentData['release'],
): Promise<SynthesisedConfiguration | undefined> {
  const environments = [{ ...prod, release }];
  return (await samplePlatform({ ...installationData, environments })).stacks['PROD'];
}

/** Names of the parameters that a stack reads, by the ids of their data sources. */
function parametersIn(stack: SynthesisedConfiguration | undefined): Record<string, string> {
  const parameters = Object.entries(stack?.data['aws_ssm_parameter'] ?? {});
  return Object.fromEntries(parameters.map(([id, { name }]) => [id, String(name)]));
}

/** Everything that a resource depends on, directly or indirectly. */
function needed(stack: SynthesisedConfiguration | undefined, address: string): Set<string> {
  const all = new Map(
    Object.entries(stack?.resource ?? {}).flatMap(([type, ofType]) =>
      Object.entries(ofType).map(([id, attributes]): [string, string] => [
        `${type}.${id}`,
        JSON.stringify(attributes),
      ]),
    ),
  );
  const found = new Set<string>();
  const look = (at: string) => {
    for (const [, next = ''] of (all.get(at) ?? '').matchAll(
      /\b((?:aws_\w+|terraform_data)\.[\w-]+)/g,
    )) {
      if (!all.has(next) || found.has(next)) continue;
      found.add(next);
      look(next);
    }
  };
  look(address);
  return found;
}

const addressesOf = (stack: SynthesisedConfiguration | undefined, type: string) =>
  Object.keys(stack?.resource[type] ?? {}).map((id) => `${type}.${id}`);

describe('the release of an environment', () => {
  it('DEV runs the newest parts: the package, machine images, and container images by tag', () => {
    const stack = shipped.stacks['DEV'];
    expect(Object.values(parametersIn(stack)).sort()).toEqual([
      '/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id',
      '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
      '/imagebuilder/wps/job-image',
      '/releases/wps/SHARED/functions',
    ]);
    expect(Object.values(stack?.data['aws_ecr_image'] ?? {})).toMatchObject([
      { repository_name: 'wps/echo', image_tag: '0.1.0' },
    ]);
  });

  it('other environments run what the environment before them runs, with images by digest', () => {
    for (const [name, from] of [
      ['SYSTEST', 'DEV'],
      ['RC', 'SYSTEST'],
      ['PROD', 'RC'],
    ] as const) {
      const stack = shipped.stacks[name];
      expect(Object.values(parametersIn(stack))).toEqual([`/releases/wps/${from}/release`]);
      const [image] = Object.values(stack?.data['aws_ecr_image'] ?? {});
      expect(image).not.toHaveProperty('image_tag');
      expect(image?.['image_digest']).toContain('.processImages.echo}');
    }
  });

  it('a plan fails if a release names no image for an offered process', () => {
    const [source] = Object.values(shipped.stacks['PROD']?.data['aws_ssm_parameter'] ?? {});
    expect(source?.['lifecycle']).toMatchObject({
      postcondition: [
        {
          condition: `\u0024{length(setsubtract(["echo"], keys(jsondecode(self.insecure_value)["processImages"]))) == 0}`,
          error_message: expect.stringMatching(
            /^The release of RC names no container image .*PROD offers \(echo\)/,
          ),
        },
      ],
    });
  });

  it('a release may be pinned to a recorded version', async () => {
    const stack = await prodWith({ take: 'pinned', environment: 'PROD', version: 7 });
    expect(Object.values(parametersIn(stack))).toEqual(['/releases/wps/PROD/release:7']);
  });

  it('single parts of a release may come from another one', async () => {
    const stack = await prodWith({
      take: 'promoted',
      from: 'RC',
      parts: { functions: { environment: 'PROD', version: 7 } },
    });
    const names = parametersIn(stack);
    const of = (attribute: unknown) => {
      const [, id = ''] =
        /data\.aws_ssm_parameter\.([\w-]+)\./.exec(JSON.stringify(attribute)) ?? [];
      return names[id];
    };
    for (const { s3_object_version, source_code_hash } of resources(stack, 'aws_lambda_function')) {
      expect([of(s3_object_version), of(source_code_hash)]).toEqual([
        '/releases/wps/PROD/release:7',
        '/releases/wps/PROD/release:7',
      ]);
    }
    for (const { compute_resources } of resources(stack, 'aws_batch_compute_environment')) {
      expect(of(compute_resources)).toBe('/releases/wps/RC/release');
    }
    const [image] = Object.values(stack?.data['aws_ecr_image'] ?? {});
    expect(of(image)).toBe('/releases/wps/RC/release');
  });

  it('a release includes the images of Amazon’s machines, so that only a release changes them', () => {
    for (const { compute_resources } of resources(
      shipped.stacks['PROD'],
      'aws_batch_compute_environment',
    )) {
      expect(JSON.stringify(compute_resources)).toMatch(/\.machineImages\.(dataVolume|x86_64)\}/);
    }
  });

  it('a release protects its image with a data volume from deletion, and the one before as long as that stays', () => {
    const stack = shipped.stacks['PROD'];
    const locals = Object.entries(stack?.locals ?? {});
    const local = (name: string) => locals.find(([id]) => id.startsWith(`kept-images_${name}_`));
    const [[image], [previous, expression]] = [local('image') ?? [], local('previous') ?? []];
    // The recorded release is the previous one, unless it has the same image.
    expect(expression).toMatch(
      new RegExp(
        `^\\$\\{try\\((\\S+)\\["machineImages"\\]\\["dataVolume"\\], "none"\\) == local\\.${image} \\? try\\(\\1\\["previousDataVolumeImage"\\], "none"\\) : try\\(\\1\\["machineImages"\\]`,
      ),
    );
    expect(resource(stack, 'aws_ec2_tag')).toMatchObject({
      // "none" is not an image.
      for_each: `\u0024{toset([for id in [local.${image}, local.${previous}] : id if startswith(id, "ami-")])}`,
      key: 'InUseBy-PROD',
      value: 'true',
    });
  });

  it('a tag may only be named for existing processes', async () => {
    const environments = [{ ...dev, release: { ...dev.release, tags: { ehco: '1' } } }];
    await expect(samplePlatform({ ...installationData, environments })).rejects.toThrow(
      'DEV.release.tags: there is no process in batch-jobs/ehco',
    );
  });

  it('an alias says from which commit its release was built', () => {
    for (const { description } of resources(shipped.stacks['PROD'], 'aws_lambda_alias')) {
      expect(description).toContain('.functions.commit}');
    }
  });
});

describe('a deployment of an environment', () => {
  it.each(['DEV', 'PROD'])(
    'a deployment of %s writes configuration and permissions before its aliases move',
    (name) => {
      const stack = shipped.stacks[name];
      const configuration = addressesOf(stack, 'aws_s3_object');
      const access = addressesOf(stack, 'aws_iam_role_policy').filter((address) =>
        address.includes('.function-access_'),
      );
      expect([configuration.length, access.length]).toEqual([1, 2]);
      for (const alias of addressesOf(stack, 'aws_lambda_alias')) {
        const earlier = needed(stack, alias);
        expect([...configuration, ...access].filter((address) => !earlier.has(address))).toEqual(
          [],
        );
        // The configuration names the queues and job definitions.
        for (const type of ['aws_batch_job_queue', 'aws_batch_job_definition']) {
          expect(addressesOf(stack, type).every((address) => earlier.has(address))).toBe(true);
        }
      }
      for (const address of configuration) {
        expect([...needed(stack, address)].join()).not.toContain('aws_lambda_alias.');
      }
    },
  );

  it('a release is recorded with values, not with expressions', () => {
    const { insecure_value: value } = resource(shipped.stacks['PROD'], 'aws_ssm_parameter');
    // A quoted expression would be recorded literally.
    expect(value).toMatch(/"previousDataVolumeImage" = (\$\{)?local\.kept-images_previous_\w+/);
    expect(value).not.toMatch(/"\$+\{/);
  });

  it('a release is recorded with all that another environment or a rollback takes from it', () => {
    for (const name of ['DEV', 'PROD']) {
      const { insecure_value: value } = resource(
        shipped.stacks[name],
        'aws_ssm_parameter',
        'name',
        `/releases/wps/${name}/release`,
      );
      for (const part of [
        ...['"functions" = {', '"bucket" =', '"key" =', '"objectVersion" =', '"sha256" ='],
        ...['"commit" =', '"machineImages" = {', '"dataVolume" =', '"x86_64" =', '"arm64" ='],
        ...['"processImages" = {', '"echo" ='],
      ]) {
        expect(value, name).toContain(part);
      }
    }
  });

  it('what an environment recorded before is looked for below the path of its own record', () => {
    for (const [name, path] of [
      ['PROD', '/releases/wps/PROD'],
      ['SHARED', '/releases/wps/SHARED'],
    ] as const) {
      const read = Object.values(shipped.stacks[name]?.data['aws_ssm_parameters_by_path'] ?? {});
      expect(read.map((each) => each['path'])).toEqual([path]);
    }
  });

  it('a deployment says which versions of the two functions it runs', () => {
    const { output } = shipped.stacks['PROD'] ?? {};
    expect(output).toMatchObject({
      wps_version: { value: expect.stringContaining('aws_lambda_alias.handler_wps_') },
      job_events_version: {
        value: expect.stringContaining('aws_lambda_alias.handler_job-events_'),
      },
    });
  });

  it('a release is recorded once all of it runs', () => {
    const stack = shipped.stacks['PROD'];
    const earlier = needed(stack, addressesOf(stack, 'aws_ssm_parameter')[0] ?? '');
    for (const type of ['aws_lambda_alias', 'aws_batch_compute_environment', 'aws_ec2_tag']) {
      const addresses = addressesOf(stack, type);
      expect(addresses.length).toBeGreaterThan(0);
      expect(addresses.filter((address) => !earlier.has(address))).toEqual([]);
    }
  });
});

describe('the functions of an environment', () => {
  it('each environment has its own functions, with roles, logs and reserved executions', () => {
    const executions = { DEV: [5, 20], SYSTEST: [10, 50], RC: [20, 100], PROD: [50, 400] };
    for (const [name, expected] of Object.entries(executions)) {
      const stack = shipped.stacks[name];
      const prefix = `wps-${name.toLowerCase()}`;
      const functions = resources(stack, 'aws_lambda_function').filter(
        ({ function_name }) => function_name !== `${prefix}-canary`,
      );
      expect(functions.map(({ function_name }) => function_name).sort()).toEqual([
        `${prefix}-job-events`,
        `${prefix}-requests`,
      ]);
      expect(
        functions
          .map((each) => each['reserved_concurrent_executions'])
          .sort((a, b) => Number(a) - Number(b)),
      ).toEqual(expected);
      for (const { role } of functions) expect(role).toMatch(/aws_iam_role\.functions_/);
      for (const { function_name } of functions) {
        expect(
          resource(stack, 'aws_cloudwatch_log_group', 'name', `/aws/lambda/${function_name}`),
        ).toBeDefined();
      }
    }
    expect(resources(shipped.stacks['SHARED'], 'aws_lambda_function')).toEqual([]);
  });

  it('functions reserve no executions if the settings say so', async () => {
    const environments = [{ ...dev, handler: { concurrency: { kind: 'unreserved' } } }];
    const { stacks } = await samplePlatform({ ...installationData, environments });
    for (const each of resources(stacks['DEV'], 'aws_lambda_function')) {
      expect(each).not.toHaveProperty('reserved_concurrent_executions');
    }
  });
});
