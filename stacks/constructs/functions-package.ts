import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter/index.js';
import { AssetType, Fn, TerraformAsset, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { packFunctions } from '../function-package.ts';
import type { Deployment } from './deployment.ts';
import { rootOf } from './image-replication.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { ReleasedFunctions } from './release.ts';

export interface FunctionsPackageProps {
  readonly deployment: Deployment;
  /** What `npm run build` wrote. */
  readonly distFolder: string;
  /** Commit that it was built from. */
  readonly commit: string;
  /** Other accounts that take releases from this one. */
  readonly readers: readonly string[];
  readonly deletionProtection: boolean;
}

/**
 * Publishes the functions' package: an object in a bucket that keeps earlier versions, and a parameter that
 * names the newest version. Environments create their functions from a version; nothing runs here.
 *
 * All packages have the same key. With one key per package, Terraform would delete the previous package when
 * it writes a new one, and a rollback would have nothing to go back to.
 */
export class FunctionsPackage extends Construct {
  readonly bucket: PrivateBucket;

  constructor(scope: Construct, id: string, props: FunctionsPackageProps) {
    super(scope, id);
    const { deployment, distFolder, commit } = props;
    const { zip, sha256 } = packFunctions(distFolder);
    const folder = join(distFolder, 'package');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'functions.zip');
    writeFileSync(file, zip);
    this.bucket = new PrivateBucket(this, 'bucket', {
      bucketName: deployment.releasesBucket,
      deleteWithContent: true,
      preventDestroy: props.deletionProtection,
      readers: props.readers.map((account) => rootOf(deployment, account)),
      earlierVersionsDays: 400,
      earlierVersionsKept: 100,
    });
    const object = new S3Object(this, 'object', {
      dependsOn: [...this.bucket.versioning],
      bucket: this.bucket.bucketName,
      key: 'functions.zip',
      source: new TerraformAsset(this, 'file', { path: file, type: AssetType.FILE }).path,
      // The same code is not a new version, regardless of the commit.
      sourceHash: sha256,
      contentType: 'application/zip',
    });
    const released: ReleasedFunctions = {
      bucket: object.bucket,
      key: object.key,
      objectVersion: object.versionId,
      sha256,
      commit,
    };
    const parameter = new SsmParameter(this, 'parameter', {
      name: deployment.shared.functionsParameter,
      description: 'The newest package of the functions.',
      type: 'String',
      insecureValue: Fn.jsonencode(released),
    });
    new TerraformOutput(scope, 'functions_package', {
      value: parameter.insecureValue,
      staticId: true,
    });
  }
}
