import { DataResource } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Makes Terraform refuse to destroy the stack: when it plans, before anything is removed.
 *
 * Source: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle `prevent_destroy`
 */
export class DeletionProtection extends DataResource {
  constructor(scope: Construct, id: string, isOn: boolean) {
    super(scope, id, { lifecycle: { preventDestroy: isOn } });
  }
}
