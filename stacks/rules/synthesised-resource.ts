import { TerraformResource, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

export type Attributes = Readonly<Record<string, unknown>>;

/** A resource as Terraform reads it. */
export interface SynthesisedResource {
  /** Missing for a resource that was written into the stack without a construct (`addOverride`). */
  readonly construct?: IConstruct;
  /** `aws_s3_bucket` */
  readonly type: string;
  /** `aws_s3_bucket.outputs_bucket_A1B2C3D4` */
  readonly address: string;
  readonly attributes: Attributes;
}

/** A stack as Terraform reads it. */
export interface SynthesisedStack {
  readonly providers: readonly Attributes[];
  readonly resources: readonly SynthesisedResource[];
}

/**
 * Resolves a stack. From then on the stack is as it was found: what is checked is what is written, and
 * resolving it a second time would take a third of a synthesis.
 */
export function synthesised(stack: TerraformStack): SynthesisedStack {
  const configuration: {
    provider?: Record<string, readonly Attributes[]>;
    resource?: Record<string, Record<string, Attributes>>;
  } = stack.toTerraform();
  stack.toTerraform = () => configuration;
  const constructs = new Map(
    stack.node
      .findAll()
      .filter(TerraformResource.isTerraformResource)
      .map((construct) => [addressOf(construct), construct]),
  );
  const resources = Object.entries(configuration.resource ?? {}).flatMap(([type, all]) =>
    Object.entries(all).map(([id, attributes]): SynthesisedResource => {
      const address = `${type}.${id}`;
      const construct = constructs.get(address);
      return { type, address, attributes, ...(construct ? { construct } : {}) };
    }),
  );
  return { providers: Object.values(configuration.provider ?? {}).flat(), resources };
}

function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}

/** The blocks of an attribute: in Terraform's JSON one block is an object and several are a list. */
export function blocks(attribute: unknown): readonly Attributes[] {
  const list = Array.isArray(attribute) ? attribute : [attribute];
  return list.filter((block) => typeof block === 'object' && block !== null);
}
