import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import { type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

let stacks: Readonly<Record<string, SynthesisedConfiguration>>;
beforeAll(async () => {
  ({ stacks } = await samplePlatform());
});

/** Resources that Terraform refuses to destroy, as `type id`, without cdktf's hash. */
function guarded(stack: SynthesisedConfiguration | undefined): readonly string[] {
  return Object.entries(stack?.resource ?? {})
    .flatMap(([type, all]) =>
      Object.entries(all)
        .filter(([, { lifecycle }]) => Object(lifecycle).prevent_destroy === true)
        .map(([id]) => `${type} ${id.replace(/_[0-9A-F]{8}$/, '')}`),
    )
    .sort();
}

describe('a stack that is protected', () => {
  it.each(['RC', 'PROD'])(
    'the stack %s refuses to be destroyed, and so does its bucket',
    (name) => {
      expect(guarded(stacks[name])).toEqual([
        'aws_s3_bucket outputs_bucket',
        'terraform_data deletion-protection',
      ]);
    },
  );

  it('SHARED refuses to be destroyed, and so do its buckets and registries', () => {
    expect(guarded(stacks['SHARED'])).toEqual([
      ...catalogue.map(({ job }) => `aws_ecr_repository registries_${job.image}`).sort(),
      'aws_s3_bucket configuration_bucket',
      'aws_s3_bucket functions_bucket',
      'terraform_data deletion-protection',
    ]);
  });

  it.each(['DEV', 'SYSTEST'])('the stack %s can be destroyed', (name) => {
    expect(guarded(stacks[name])).toEqual([]);
  });

  it('a protected stack can be destroyed once the settings say so, but never outputs that are to be kept', async () => {
    const prodWith = async (deleteWithStack: boolean) => {
      const environment = {
        ...prod,
        deletionProtection: false,
        outputs: { ...prod.outputs, deleteWithStack },
      };
      const data = { ...installationData, environments: [environment] };
      return guarded((await samplePlatform(data)).stacks['PROD']);
    };
    expect(await prodWith(false)).toEqual(['aws_s3_bucket outputs_bucket']);
    expect(await prodWith(true)).toEqual([]);
  });
});
