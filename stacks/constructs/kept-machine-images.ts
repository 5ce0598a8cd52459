import { AmiCopy } from '@cdktf/provider-aws/lib/ami-copy/index.js';
import { Ec2Tag } from '@cdktf/provider-aws/lib/ec2-tag/index.js';
import { type ITerraformDependable, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { inUseTag } from '../../ami/image-lifecycle.ts';
import type { Deployment } from './deployment.ts';
import { recordedParameter } from './recorded-parameter.ts';

export interface KeptMachineImagesProps {
  readonly deployment: Deployment;
  /** Id of the release's image with a data volume, or `noImageYet`. */
  readonly image: string;
  /** Whether the image belongs to another account, which may delete it at any time. */
  readonly fromElsewhere: boolean;
  /** Ids of images that the settings of queues name instead of the release's. */
  readonly ofSettings: readonly string[];
}

/**
 * Protects machine images from deletion: those with a data volume of the environment's current and previous
 * releases, and those that the settings of its queues name. An image of this account gets a tag that its
 * lifecycle policy respects; a release's image of another account is copied.
 */
export class KeptMachineImages extends Construct {
  /** Id of the image to start machines from. */
  readonly usable: string;
  /** Id of the image as the previous release names it. */
  readonly previous: string;
  readonly kept: ITerraformDependable;

  constructor(scope: Construct, id: string, props: KeptMachineImagesProps) {
    super(scope, id);
    const { deployment, fromElsewhere, ofSettings } = props;
    const { environment } = deployment;
    const image = localOf(this, 'image', props.image);
    const name = deployment.shared.releaseParameter(environment);
    const before = localOf(
      this,
      'recorded',
      `\${${recordedParameter(this, 'recorded-release', name, '{}')}}`,
    );
    const imageBefore = `try(${before}["machineImages"]["dataVolume"], "none")`;
    // While the image stays the same, the record of the one before it stays, too.
    const previousImage = new TerraformLocal(
      this,
      'previous',
      `\${${imageBefore} == ${image} ? try(${before}["previousDataVolumeImage"], "none") : ${imageBefore}}`,
    );
    this.previous = previousImage.asString;
    const released = [image, `local.${previousImage.friendlyUniqueId}`];
    const named = ofSettings.map((id) => JSON.stringify(id));
    if (!fromElsewhere) {
      this.usable = props.image;
      this.kept = this.#tags(environment, [...released, ...named]);
      return;
    }
    if (named.length > 0) this.#tags(environment, named);
    const copies = new AmiCopy(this, 'copies', {
      name: `${deployment.name('jobs')}-\${each.value}`,
      description: `Copy of \${each.value} for ${environment}.`,
      sourceAmiId: `\${each.value}`,
      sourceAmiRegion: deployment.region,
      encrypted: true,
    });
    copies.addOverride('for_each', imageIdsIn(released));
    this.kept = copies;
    const address = `${copies.terraformResourceType}.${copies.friendlyUniqueId}`;
    this.usable = Token.asString(`\${try(${address}[${image}].id, "none")}`);
  }

  #tags(environment: string, images: readonly string[]): Ec2Tag {
    const tag = inUseTag(environment);
    const tags = new Ec2Tag(this, 'tags', {
      resourceId: `\${each.value}`,
      key: tag.key,
      value: tag.value,
    });
    tags.addOverride('for_each', imageIdsIn(images));
    return tags;
  }
}

/** Terraform's set of the expressions whose value is the id of an image, which `none` is not. */
function imageIdsIn(expressions: readonly string[]): string {
  return `\${toset([for id in [${expressions.join(', ')}] : id if startswith(id, "ami-")])}`;
}

/** A local value, for use in expressions: `local.kept-images_image_1A2B3C4D`. */
function localOf(scope: Construct, id: string, value: string): string {
  return `local.${new TerraformLocal(scope, id, value).friendlyUniqueId}`;
}
