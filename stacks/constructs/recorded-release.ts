import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter/index.js';
import { Fn, type ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { releaseRecordKey } from '../names.ts';
import type { Deployment } from './deployment.ts';
import type { Release } from './release.ts';

export interface RecordedReleaseProps {
  readonly deployment: Deployment;
  readonly release: Release;
  /** Id of the previous release's image with a data volume. */
  readonly previousDataVolumeImage: string;
  /** Whether an environment of another account takes the release from here. */
  readonly isTakenElsewhere: boolean;
  /** Resources that must be deployed before the release is recorded as running. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Records the release that the environment runs, for the environment after it and for rollbacks: in a
 * parameter, whose versions are the environment's earlier releases. For environments of other accounts, which
 * cannot read this account's parameters, it is also an object beside the packages.
 */
export class RecordedRelease extends Construct {
  constructor(scope: Construct, id: string, props: RecordedReleaseProps) {
    super(scope, id);
    const { deployment, release, previousDataVolumeImage, after } = props;
    const { functions, machineImages, processImages } = release;
    const parameter = new SsmParameter(this, 'parameter', {
      name: deployment.shared.releaseParameter(deployment.environment),
      description: `The release that ${deployment.environment} runs.`,
      type: 'String',
      insecureValue: Fn.jsonencode({
        functions,
        machineImages,
        processImages,
        previousDataVolumeImage,
      }),
      dependsOn: [...after],
    });
    if (props.isTakenElsewhere) {
      new S3Object(this, 'object', {
        bucket: deployment.releasesBucket,
        key: releaseRecordKey(deployment.environment),
        contentType: 'application/json',
        content: parameter.insecureValue,
      });
    }
    new TerraformOutput(scope, 'release', { value: parameter.insecureValue, staticId: true });
  }
}
