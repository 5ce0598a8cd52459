import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetType, TerraformAsset, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { gatewayTimeoutSeconds } from '../../lambda/configuration/limits.ts';
import { functionEntries, packFunctions } from '../function-package.ts';
import { configurationFilename } from '../names.ts';
import type { Deployment } from './deployment.ts';
import type { PrivateBucket } from './private-bucket.ts';
import { PublishedFunction } from './published-function.ts';

export interface ServiceFunctionsProps {
  readonly deployment: Deployment;
  readonly configuration: PrivateBucket;
  /** What `npm run build` wrote. */
  readonly distFolder: string;
  readonly memoryMiB: number;
  readonly logRetentionDays: number;
}

/** The two functions of the service, from one package. */
export class ServiceFunctions extends Construct {
  constructor(scope: Construct, id: string, props: ServiceFunctionsProps) {
    super(scope, id);
    const { deployment, configuration } = props;
    const { path, sha256 } = this.#package(props.distFolder);
    const common = {
      deployment,
      package: { path, sha256 },
      memoryMiB: props.memoryMiB,
      logRetentionDays: props.logRetentionDays,
      // Versions cannot change, so what differs between environments lies in the configuration.
      variables: {
        CONFIGURATION_S3_BUCKET: configuration.bucketName,
        CONFIG_FILENAME: configurationFilename,
      },
      statements: [
        {
          sid: 'ReadConfiguration',
          actions: ['s3:GetObject'],
          resources: [`${configuration.arn}/*`],
        },
        {
          // Without it S3 says "access denied" of a file that is not there.
          sid: 'TellMissingConfiguration',
          actions: ['s3:ListBucket'],
          resources: [configuration.arn],
        },
      ],
    };
    const wps = new PublishedFunction(this, 'wps', {
      ...common,
      name: deployment.shared.wpsFunction,
      roleName: deployment.shared.wpsRole,
      description: 'Answers WPS requests.',
      handler: handlerOf(functionEntries.wps),
      timeoutSeconds: gatewayTimeoutSeconds,
    });
    const jobEvents = new PublishedFunction(this, 'job-events', {
      ...common,
      name: deployment.shared.jobEventsFunction,
      roleName: deployment.shared.jobEventsRole,
      description: 'Follows the state of jobs in AWS Batch.',
      handler: handlerOf(functionEntries.jobEvents),
      // Its sweep looks at every job that is under way.
      timeoutSeconds: 240,
    });
    new TerraformOutput(scope, 'wps_version', { value: wps.version, staticId: true });
    new TerraformOutput(scope, 'job_events_version', { value: jobEvents.version, staticId: true });
  }

  #package(distFolder: string) {
    const { zip, sha256 } = packFunctions(distFolder);
    const folder = join(distFolder, 'package');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'functions.zip');
    writeFileSync(file, zip);
    return {
      path: new TerraformAsset(this, 'package', { path: file, type: AssetType.FILE }).path,
      sha256,
    };
  }
}

function handlerOf(entry: string): string {
  return entry.replace(/\.js$/, '.handler');
}
