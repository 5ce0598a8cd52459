import { beforeAll, describe, expect, it } from 'vitest';
import { prod } from '../../environments/prod.ts';
import { resolved } from './resolved-references.ts';
import {
  resource,
  resources,
  type SamplePlatform,
  type SynthesisedConfiguration,
  samplePlatform,
} from './sample-platform.ts';
import { installationOverTwoAccounts, prodAccount, testAccount } from './two-accounts.ts';

let platform: SamplePlatform;
beforeAll(async () => {
  platform = await samplePlatform(installationOverTwoAccounts());
});

const stack = (name: string): SynthesisedConfiguration | undefined => platform.stacks[name];
const statementsOf = (policy: unknown) => JSON.parse(String(policy)).Statement;

describe('an installation with PROD in an account of its own', () => {
  it('an installation with PROD in its own account has a SHARED in each account, with the account’s own state', () => {
    expect(Object.keys(platform.stacks).sort()).toEqual([
      'DEV',
      'PROD',
      'RC',
      'SHARED',
      'SHARED-PROD',
      'SYSTEST',
    ]);
    for (const [name, id, bucket] of [
      ['SHARED', testAccount, 'states-of-test'],
      ['RC', testAccount, 'states-of-test'],
      ['SHARED-PROD', prodAccount, 'states-of-prod'],
      ['PROD', prodAccount, 'states-of-prod'],
    ] as const) {
      expect(stack(name)?.provider.aws[0]).toMatchObject({ allowed_account_ids: [id] });
      expect(stack(name)?.terraform.backend).toMatchObject({
        s3: { bucket, key: `aws-wps/${name}.tfstate`, allowed_account_ids: [id] },
      });
    }
    expect(resources(stack('SHARED-PROD'), 'aws_imagebuilder_image_pipeline')).toEqual([]);
  });

  it('an installation with PROD in its own account gives the release of RC to PROD’s account, and to no other', () => {
    expect(resource(stack('RC'), 'aws_s3_object', 'key', 'RC/release.json')).toMatchObject({
      content_type: 'application/json',
    });
    for (const name of ['DEV', 'SYSTEST', 'PROD']) {
      const keys = resources(stack(name), 'aws_s3_object').map(({ key }) => key);
      expect(keys).toEqual([`${name}/wps.properties`]);
    }
    const reading = resources(stack('SHARED'), 'aws_s3_bucket_policy').flatMap(({ policy }) =>
      statementsOf(policy).filter(({ Effect }: { Effect: string }) => Effect === 'Allow'),
    );
    expect(reading).toEqual([
      {
        Sid: 'OtherAccounts',
        Effect: 'Allow',
        Principal: { AWS: [expect.stringMatching(`:iam::${prodAccount}:root$`)] },
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: [expect.stringMatching(/functions_bucket_\w+\.arn\}\/\*$/)],
      },
    ]);
  });

  it("an installation with PROD in its own account takes RC's release in PROD: record, package, and images by digest", () => {
    const [record] = Object.values(stack('PROD')?.data['aws_s3_object'] ?? {});
    expect(record).toMatchObject({
      bucket: `wps-releases-${testAccount}-ap-southeast-2`,
      key: 'RC/release.json',
    });
    for (const each of resources(stack('PROD'), 'aws_lambda_function')) {
      expect(each['s3_bucket']).toMatch(/data\.aws_s3_object\.\S+\.body\)\.functions\.bucket\}/);
      expect(each['s3_object_version']).toMatch(/\.functions\.objectVersion\}/);
    }
    const [image] = Object.values(stack('PROD')?.data['aws_ecr_image'] ?? {});
    expect(image).toMatchObject({
      repository_name: 'wps/echo',
      image_digest: expect.stringMatching(/data\.aws_s3_object\.\S+\.processImages\.echo\}/),
    });
  });

  it('an installation with PROD in its own account copies container images from one account to the other', () => {
    expect(resource(stack('SHARED'), 'aws_ecr_replication_configuration')).toMatchObject({
      replication_configuration: {
        rule: [
          {
            destination: [{ region: 'ap-southeast-2', registry_id: prodAccount }],
            repository_filter: [{ filter: 'wps/', filter_type: 'PREFIX_MATCH' }],
          },
        ],
      },
    });
    const { policy } = resource(stack('SHARED-PROD'), 'aws_ecr_registry_policy');
    expect(statementsOf(policy)).toMatchObject([
      {
        Principal: { AWS: [expect.stringMatching(`:iam::${testAccount}:root$`)] },
        Action: ['ecr:ReplicateImage'],
        Resource: [expect.stringMatching(/:repository\/wps\/\*$/)],
      },
    ]);
  });

  it('an installation with PROD in its own account lets it copy machine images, under a key that it may use through EC2', () => {
    const shared = stack('SHARED');
    const { policy } = resource(shared, 'aws_kms_key');
    const [, volumes] = statementsOf(resolved(shared, String(policy)));
    expect(volumes.Condition).toMatchObject({
      StringEquals: {
        'kms:CallerAccount': [expect.any(String), prodAccount],
        'kms:ViaService': 'ec2.ap-southeast-2.amazonaws.com',
      },
    });
    const recipe = resource(shared, 'aws_imagebuilder_image_recipe');
    expect(JSON.stringify(recipe['block_device_mapping']).match(/aws_kms_key\./g)).toHaveLength(2);
    const { distribution } = resource(shared, 'aws_imagebuilder_distribution_configuration');
    expect(distribution).toMatchObject([
      { ami_distribution_configuration: { launch_permission: { user_ids: [prodAccount] } } },
    ]);
  });

  it('an installation with PROD in its own account runs its machines on a copy of the image, which the other account cannot delete', () => {
    const copies = Object.entries(stack('PROD')?.resource['aws_ami_copy'] ?? {});
    expect(copies).toHaveLength(1);
    const [[id, copy] = ['', {}]] = copies;
    expect(copy).toMatchObject({
      for_each: expect.stringMatching(/^\$\{toset\(/),
      source_ami_id: expect.stringMatching(/^\$\{each\.value\}$/),
      encrypted: true,
    });
    expect(resources(stack('PROD'), 'aws_ec2_tag')).toEqual([]);
    const { compute_resources } = resource(
      stack('PROD'),
      'aws_batch_compute_environment',
      'compute_environment_name_prefix',
      'wps-prod-large-',
    );
    expect(JSON.stringify(compute_resources)).toContain(`aws_ami_copy.${id}[`);
    // The release's image replaces machines, because a plan knows it before the copy exists.
    const replacement = Object.entries(stack('PROD')?.resource['terraform_data'] ?? {}).find(
      ([name]) => name.startsWith('large_'),
    );
    expect(JSON.stringify(replacement)).toContain('.machineImages.dataVolume');
  });

  it('an installation with PROD in its own account keeps an image that PROD’s settings name, beside its copies', async () => {
    const imageId = 'ami-0123456789abcdef0';
    const queues = { ...prod.queues, large: { ...prod.queues.large, imageId } };
    const { stacks } = await samplePlatform(installationOverTwoAccounts({ prod: { queues } }));
    expect(resource(stacks['PROD'], 'aws_ec2_tag')).toMatchObject({
      for_each: expect.stringContaining(JSON.stringify(imageId)),
      key: 'InUseBy-PROD',
    });
    const { for_each } = resource(stacks['PROD'], 'aws_ami_copy');
    expect(for_each).not.toContain(imageId);
  });

  it('an installation with PROD in its own account copies no image if PROD is pinned to one of its own', async () => {
    const machineImages = { environment: 'PROD', version: 3 } as const;
    const release = { take: 'promoted', from: 'RC', parts: { machineImages } } as const;
    const { stacks } = await samplePlatform(installationOverTwoAccounts({ prod: { release } }));
    expect(resources(stacks['PROD'], 'aws_ami_copy')).toEqual([]);
    expect(resource(stacks['PROD'], 'aws_ec2_tag')).toMatchObject({ key: 'InUseBy-PROD' });
  });

  it('an installation in one account shares nothing with others', async () => {
    const { stacks } = await samplePlatform();
    for (const type of [
      'aws_kms_key',
      'aws_ecr_replication_configuration',
      'aws_ecr_registry_policy',
      'aws_ami_copy',
    ]) {
      for (const each of Object.values(stacks)) expect(resources(each, type)).toEqual([]);
    }
  });
});
