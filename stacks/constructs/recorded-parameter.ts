import { DataAwsSsmParametersByPath } from '@cdktf/provider-aws/lib/data-aws-ssm-parameters-by-path/index.js';
import type { Construct } from 'constructs';

/**
 * The value that one of the stack's own parameters had before this deployment. The parameter may not exist
 * yet, so the data source reads all parameters below its path, which finds none without failing.
 *
 * @param name the parameter's name: `/releases/wps/DEV/release`
 * @param otherwise JSON to use if the parameter does not exist
 * @returns a Terraform expression, without `${}`, of the parsed value
 */
export function recordedParameter(
  scope: Construct,
  id: string,
  name: string,
  otherwise: string,
): string {
  const recorded = new DataAwsSsmParametersByPath(scope, id, {
    path: name.slice(0, name.lastIndexOf('/')),
  });
  const address = `data.${recorded.terraformResourceType}.${recorded.friendlyUniqueId}`;
  const values = `nonsensitive(zipmap(${address}.names, ${address}.values))`;
  return `jsondecode(lookup(${values}, "${name}", ${JSON.stringify(otherwise)}))`;
}
