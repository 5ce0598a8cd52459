import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { stringify } from 'dot-properties';
import { configurationFilename } from '../names.ts';

export interface ConfigurationFileProps {
  readonly bucket: string;
  /** The alias that reads it: `DEV`, or `$LATEST`. */
  readonly alias: string;
  /** Keys of `lambda/configuration/configuration-keys.ts` and their values. */
  readonly properties: Readonly<Record<string, string>>;
  /** What must be there before, where the bucket is of the same stack. */
  readonly after?: readonly ITerraformDependable[];
}

/** `<bucket>/<alias>/wps.properties`: what the functions are told about an environment. */
export class ConfigurationFile extends S3Object {
  constructor(scope: Construct, id: string, props: ConfigurationFileProps) {
    const { bucket, alias, properties, after = [] } = props;
    super(scope, id, {
      dependsOn: [...after],
      bucket,
      key: `${alias}/${configurationFilename}`,
      contentType: 'text/plain; charset=utf-8',
      // A folded line would cut through the references that Terraform fills in.
      content: `${stringify({ ...properties }, { keySep: '=', lineWidth: null, latin1: false })}\n`,
    });
  }
}
