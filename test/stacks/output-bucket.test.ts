import { beforeAll, describe, expect, it } from 'vitest';
import { resource, resources, type SamplePlatform, samplePlatform } from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

describe('the bucket of outputs', () => {
  it("pages of any origin may read outputs after the service's redirect, and nothing more", () => {
    for (const name of ['DEV', 'SYSTEST', 'RC', 'PROD']) {
      const { bucket, cors_rule } = resource(
        shipped.stacks[name],
        'aws_s3_bucket_cors_configuration',
      );
      expect(bucket).toContain('aws_s3_bucket.outputs');
      expect(cors_rule).toMatchObject([
        {
          // After a redirect to another origin, a browser sends "null" as the origin of the page.
          allowed_origins: ['*'],
          allowed_methods: ['GET', 'HEAD'],
          expose_headers: expect.arrayContaining(['Content-Disposition', 'Content-Range']),
        },
      ]);
    }
    expect(resources(shipped.stacks['SHARED'], 'aws_s3_bucket_cors_configuration')).toEqual([]);
  });
});
