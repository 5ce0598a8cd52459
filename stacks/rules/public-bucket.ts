import type { Rule } from './rule.ts';
import type { SynthesisedResource, SynthesisedStack } from './synthesised-resource.ts';

const blockedAccess = [
  'block_public_acls',
  'block_public_policy',
  'ignore_public_acls',
  'restrict_public_buckets',
];

/** Every bucket blocks public access in all four ways and has no access lists. */
export const publicBucket: Rule = {
  name: 'public-bucket',
  check(stack) {
    const buckets = stack.resources.filter(({ type }) => type === 'aws_s3_bucket');
    const lists = stack.resources
      .filter(({ type }) => type === 'aws_s3_bucket_acl')
      .map((resource) => ({ resource, message: 'is an access list; use policies' }));
    return [...lists, ...buckets.flatMap((bucket) => faultsOf(bucket, stack))];
  },
};

function faultsOf(bucket: SynthesisedResource, stack: SynthesisedStack) {
  const names = [
    ...['id', 'bucket'].map((part) => `\${${bucket.address}.${part}}`),
    bucket.attributes['bucket'],
  ];
  const about = (type: string) =>
    stack.resources.find(
      (other) => other.type === type && names.some((name) => other.attributes['bucket'] === name),
    );
  const blocked = about('aws_s3_bucket_public_access_block');
  const open = blockedAccess.filter((way) => blocked?.attributes[way] !== true);
  const ownership = JSON.stringify(about('aws_s3_bucket_ownership_controls')?.attributes ?? '');
  return [
    ...(open.length > 0
      ? [
          {
            resource: bucket,
            message: `lacks ${open.join(', ')} in an aws_s3_bucket_public_access_block`,
          },
        ]
      : []),
    ...(ownership.includes('BucketOwnerEnforced')
      ? []
      : [{ resource: bucket, message: 'lacks ownership controls with BucketOwnerEnforced' }]),
  ];
}
