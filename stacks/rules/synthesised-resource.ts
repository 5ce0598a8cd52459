import { TerraformResource, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

export type Attributes = Readonly<Record<string, unknown>>;

/** A resource as Terraform will read it. */
export interface SynthesisedResource {
  readonly construct: IConstruct;
  /** `aws_s3_bucket` */
  readonly type: string;
  /** `aws_s3_bucket.outputs_bucket_A1B2C3D4` */
  readonly address: string;
  readonly attributes: Attributes;
}

/** A stack as Terraform will read it. */
export interface SynthesisedStack {
  readonly providers: readonly Attributes[];
  readonly resources: readonly SynthesisedResource[];
}

export function synthesised(stack: TerraformStack): SynthesisedStack {
  const configuration: {
    provider?: Record<string, readonly Attributes[]>;
    resource?: Record<string, Record<string, Attributes>>;
  } = stack.toTerraform();
  const resources = stack.node.findAll().flatMap((construct): SynthesisedResource[] => {
    if (!TerraformResource.isTerraformResource(construct)) return [];
    const type = construct.terraformResourceType;
    const attributes = configuration.resource?.[type]?.[construct.friendlyUniqueId];
    if (!attributes) return [];
    return [{ construct, type, address: `${type}.${construct.friendlyUniqueId}`, attributes }];
  });
  return { providers: Object.values(configuration.provider ?? {}).flat(), resources };
}

/** The blocks of an attribute: Terraform's JSON has one as an object and several as a list. */
export function blocks(attribute: unknown): readonly Attributes[] {
  const list = Array.isArray(attribute) ? attribute : [attribute];
  return list.filter((block) => typeof block === 'object' && block !== null);
}
