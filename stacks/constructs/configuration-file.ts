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
  /** Must be created before the file, if the bucket belongs to the same stack. */
  readonly after?: readonly ITerraformDependable[];
}

/** `<bucket>/<alias>/wps.properties`: the configuration of an environment's functions. */
export class ConfigurationFile extends S3Object {
  constructor(scope: Construct, id: string, props: ConfigurationFileProps) {
    const { bucket, alias, properties, after = [] } = props;
    super(scope, id, {
      dependsOn: [...after],
      bucket,
      key: `${alias}/${configurationFilename}`,
      contentType: 'text/plain; charset=utf-8',
      // Folding a long line would break the references that Terraform replaces.
      content: `${stringify({ ...properties }, { keySep: '=', lineWidth: null, latin1: false })}\n`,
    });
  }
}
