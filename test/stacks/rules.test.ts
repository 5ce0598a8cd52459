import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment/index.js';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js';
import { EfsFileSystem } from '@cdktf/provider-aws/lib/efs-file-system/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketAcl } from '@cdktf/provider-aws/lib/s3-bucket-acl/index.js';
import { Aspects, TerraformStack, Testing } from 'cdktf';
import { describe, expect, it, vi } from 'vitest';
import { PrivateBucket } from '../../stacks/constructs/private-bucket.ts';
import { exempt } from '../../stacks/rules/exemption.ts';
import { RulesAspect } from '../../stacks/rules/rules-aspect.ts';

const tags = { Project: 'wps', Environment: 'DEV', Owner: 'us', CostCentre: '1' };
const encrypted = { deviceName: '/dev/xvda', ebs: { encrypted: 'true' } };
const spelledOut = ['instance', 'volume'].map((resourceType) => ({ resourceType, tags }));

/** Synthesises a stack with the rules applied. */
function synthesise(build: (stack: TerraformStack) => void, defaultTags: object = tags): string {
  const stack = new TerraformStack(Testing.app(), 'stack');
  new AwsProvider(stack, 'aws', { defaultTags: [{ tags: { ...defaultTags } }] });
  build(stack);
  Aspects.of(stack).add(new RulesAspect());
  return Testing.fullSynth(stack);
}

const allow = (statement: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'It', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:x'], ...statement },
    ],
  });
const policy = (stack: TerraformStack, statement: object) =>
  new IamRolePolicy(stack, 'policy', { role: 'r', policy: allow(statement) });

describe('a stack under the rules', () => {
  it('a stack that follows the rules is synthesised', () => {
    expect(() =>
      synthesise((stack) => {
        new PrivateBucket(stack, 'bucket', {
          bucketName: 'private',
          deleteWithContent: false,
          preventDestroy: false,
        });
        new LaunchTemplate(stack, 'template', {
          blockDeviceMappings: [encrypted],
          tagSpecifications: spelledOut,
        });
        new EfsFileSystem(stack, 'files', { encrypted: true });
        policy(stack, {});
      }),
    ).not.toThrow();
  });

  const broken: readonly [string, (stack: TerraformStack) => void, RegExp][] = [
    [
      'a bucket that does not block public access',
      (stack) => new S3Bucket(stack, 'bucket', { bucket: 'open' }),
      /public-bucket: aws_s3_bucket\.bucket lacks block_public_acls, block_public_policy/,
    ],
    [
      'a bucket whose objects others may own',
      (stack) => new S3Bucket(stack, 'bucket', { bucket: 'open' }),
      /public-bucket: aws_s3_bucket\.bucket lacks ownership controls/,
    ],
    [
      'an access list',
      (stack) => new S3BucketAcl(stack, 'acl', { bucket: 'open', acl: 'public-read' }),
      /public-bucket: aws_s3_bucket_acl\.acl is an access list/,
    ],
    [
      'a volume of a launch template that is not encrypted',
      (stack) =>
        new LaunchTemplate(stack, 'template', {
          blockDeviceMappings: [encrypted, { deviceName: '/dev/xvdb', ebs: { volumeSize: 100 } }],
          tagSpecifications: spelledOut,
        }),
      /unencrypted-volume: aws_launch_template\.template has an unencrypted volume \/dev\/xvdb/,
    ],
    [
      'a file system that is not encrypted',
      (stack) => new EfsFileSystem(stack, 'files', {}),
      /unencrypted-volume: aws_efs_file_system\.files is not encrypted/,
    ],
    [
      'a launch template whose instances have no tags',
      (stack) => new LaunchTemplate(stack, 'template', { tagSpecifications: spelledOut.slice(1) }),
      /missing-tag: aws_launch_template\.template gives each instance no Project, Environment/,
    ],
    [
      'an action by pattern',
      (stack) => policy(stack, { Action: ['s3:*'] }),
      /wildcard-policy: aws_iam_role_policy\.policy It allows s3:\*/,
    ],
    [
      'any resource',
      (stack) => policy(stack, { Resource: '*' }),
      /wildcard-policy: aws_iam_role_policy\.policy It allows it on any resource/,
    ],
    [
      'anybody',
      (stack) => policy(stack, { Principal: { AWS: '*' } }),
      /wildcard-policy: aws_iam_role_policy\.policy It allows it to anybody/,
    ],
    [
      'all but some',
      (stack) => policy(stack, { NotAction: ['s3:GetObject'] }),
      /wildcard-policy: aws_iam_role_policy\.policy It allows all but some/,
    ],
    [
      'a policy that others write',
      (stack) =>
        new IamRolePolicyAttachment(stack, 'attached', {
          role: 'r',
          policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
      /wildcard-policy: aws_iam_role_policy_attachment\.attached attaches .*AdministratorAccess/,
    ],
    [
      'a stage without an access log',
      (stack) =>
        new ApiGatewayStage(stack, 'stage', { restApiId: 'a', deploymentId: 'd', stageName: 's' }),
      /unlogged-stage: aws_api_gateway_stage\.stage has no access log/,
    ],
    [
      'a bucket that another’s blocks stand in for, whose name begins with its own',
      (stack) => {
        new S3Bucket(stack, 'fi', { bucket: 'open' });
        new PrivateBucket(stack, 'files', {
          bucketName: 'private',
          deleteWithContent: false,
          preventDestroy: false,
        });
      },
      /public-bucket: aws_s3_bucket\.fi lacks block_public_acls/,
    ],
    [
      'a launch template that leaves the volumes of the image as they are',
      (stack) => new LaunchTemplate(stack, 'template', { tagSpecifications: spelledOut }),
      /unencrypted-volume: aws_launch_template\.template names no volume/,
    ],
    [
      'a resource that no construct stands for',
      (stack) =>
        stack.addOverride('resource.aws_efs_file_system.hidden', { encrypted: false, tags }),
      /unencrypted-volume: aws_efs_file_system\.hidden is not encrypted/,
    ],
    [
      'a change past a construct’s properties',
      (stack) =>
        new EfsFileSystem(stack, 'files', { encrypted: true }).addOverride('encrypted', false),
      /unencrypted-volume: aws_efs_file_system\.files is not encrypted/,
    ],
    [
      'policies that a role is given by their ARNs',
      (stack) =>
        new IamRole(stack, 'role', {
          assumeRolePolicy: allow({ Action: ['sts:AssumeRole'], Resource: undefined }),
          managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        }),
      /wildcard-policy: aws_iam_role\.role attaches .*AdministratorAccess/,
    ],
    [
      'a policy inside a role',
      (stack) =>
        new IamRole(stack, 'role', {
          assumeRolePolicy: allow({ Action: ['sts:AssumeRole'], Resource: undefined }),
          inlinePolicy: [{ name: 'all', policy: allow({ Action: ['*'] }) }],
        }),
      /wildcard-policy: aws_iam_role\.role It allows \*; name the actions/,
    ],
    [
      'a policy that a data source writes',
      (stack) =>
        new IamRolePolicy(stack, 'policy', {
          role: 'r',
          policy: ['$', '{data.aws_iam_policy_document.any.json}'].join(''),
        }),
      /wildcard-policy: aws_iam_role_policy\.policy has a policy that is not known here/,
    ],
    [
      'a function that anybody may call',
      (stack) =>
        new LambdaPermission(stack, 'permission', {
          action: 'lambda:InvokeFunction',
          functionName: 'f',
          principal: '*',
        }),
      /wildcard-policy: aws_lambda_permission\.permission allows calls to anybody/,
    ],
    [
      'everything in a service',
      (stack) => policy(stack, { Resource: ['arn:aws:s3:::*'] }),
      /It allows it on any resource \(arn:aws:s3:::\*\)/,
    ],
    [
      'everybody but some',
      (stack) => policy(stack, { NotPrincipal: { AWS: '123456789012' } }),
      /It allows all but some/,
    ],
    [
      'a stage that a deployment makes on the side',
      (stack) =>
        new ApiGatewayDeployment(stack, 'deployment', { restApiId: 'a' }).addOverride(
          'stage_name',
          'open',
        ),
      /unlogged-stage: aws_api_gateway_deployment\.deployment makes a stage without a log/,
    ],
  ];
  it.each(broken)('a stack is refused for %s', (_, build, fault) => {
    expect(() => synthesise(build)).toThrow(fault);
  });

  it('a stack is refused for a missing tag by which costs are split', () => {
    expect(() => synthesise(() => {}, { Project: 'wps', Environment: 'DEV' })).toThrow(
      /missing-tag: the provider's default tags lack Owner, CostCentre/,
    );
  });

  it('a stack is refused with all its faults at once', () => {
    const build = (stack: TerraformStack) => {
      new EfsFileSystem(stack, 'files', {});
      policy(stack, { Action: '*', Resource: '*' });
    };
    expect(() => synthesise(build)).toThrow(/unencrypted-volume.*It allows \*.*any resource/s);
  });

  it('a stack is refused even if cdktf is told to continue after errors', () => {
    vi.stubEnv('CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS', '1');
    try {
      expect(() => synthesise((stack) => new EfsFileSystem(stack, 'files', {}))).toThrow(
        /unencrypted-volume/,
      );
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('a stack may break a rule for a reason', () => {
    const build = (stack: TerraformStack) =>
      exempt(policy(stack, { Resource: '*' }), {
        rule: 'wildcard-policy',
        subject: 'It',
        reason: 'AWS knows no narrower resource.',
      });
    expect(() => synthesise(build)).not.toThrow();
  });

  it('a reason does not cover another rule, or another statement', () => {
    const build = (stack: TerraformStack) =>
      exempt(policy(stack, { Resource: '*' }), {
        rule: 'wildcard-policy',
        subject: 'Another',
        reason: 'AWS knows no narrower resource.',
      });
    expect(() => synthesise(build)).toThrow(/any resource/);
  });

  it('a reason that is no longer needed is refused', () => {
    const build = (stack: TerraformStack) =>
      exempt(policy(stack, {}), {
        rule: 'wildcard-policy',
        reason: 'There used to be a star here.',
      });
    expect(() => synthesise(build)).toThrow(/exemption from wildcard-policy exempts nothing/);
  });

  it('a reason without a resource is refused', () => {
    const build = (stack: TerraformStack) =>
      exempt(stack, { rule: 'wildcard-policy', reason: 'There never was one here.' });
    expect(() => synthesise(build)).toThrow(/exemption from wildcard-policy exempts nothing/);
  });

  it('a reason must be a sentence', () => {
    const build = (stack: TerraformStack) =>
      exempt(policy(stack, {}), { rule: 'wildcard-policy', reason: 'needed' });
    expect(() => synthesise(build)).toThrow('the reason is "needed"; write a sentence');
  });
});
