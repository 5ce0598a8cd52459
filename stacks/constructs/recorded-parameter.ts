import { DataAwsSsmParametersByPath } from '@cdktf/provider-aws/lib/data-aws-ssm-parameters-by-path/index.js';
import type { Construct } from 'constructs';

/**
 * What a parameter of a stack's own held before the stack is deployed this time. The parameter need not
 * be there yet, which is why all below its path are asked for: that finds none without failing.
 *
 * @param name the parameter's name: `/releases/wps/DEV/release`
 * @param otherwise JSON that stands for it where it is not there
 * @returns a Terraform expression, without `${}`, of what its JSON holds
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
