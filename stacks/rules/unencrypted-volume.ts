import type { Finding, Rule } from './rule.ts';
import { type Attributes, blocks, type SynthesisedResource } from './synthesised-resource.ts';

const encrypted = (value: unknown) => value === true || value === 'true';

/**
 * Every volume of machines, launch templates, images and file systems is encrypted. Where no volume is named,
 * a machine gets those of its image, and the volumes of Amazon's images are not encrypted.
 */
export const unencryptedVolume: Rule = {
  name: 'unencrypted-volume',
  check: ({ resources }) => resources.flatMap(faultsOf),
};

function faultsOf(resource: SynthesisedResource): readonly Finding[] {
  const { type, attributes } = resource;
  switch (type) {
    case 'aws_efs_file_system':
    case 'aws_ebs_volume':
      return encrypted(attributes['encrypted'])
        ? []
        : [{ resource, message: 'is not encrypted; set encrypted' }];
    case 'aws_launch_template':
      return devices(resource, blocks(attributes['block_device_mappings']));
    case 'aws_imagebuilder_image_recipe':
      return devices(resource, blocks(attributes['block_device_mapping']));
    case 'aws_instance':
    case 'aws_launch_configuration':
      return [{ resource, message: 'starts a machine of its own; use a launch template' }];
    case 'aws_batch_compute_environment':
      return blocks(attributes['compute_resources'])
        .filter(({ type: kind }) => !String(kind).startsWith('FARGATE'))
        .filter((machines) => blocks(machines['launch_template']).length === 0)
        .map(() => ({ resource, message: 'has no launch template that encrypts its volumes' }));
    default:
      return [];
  }
}

function devices(resource: SynthesisedResource, mappings: readonly Attributes[]) {
  if (mappings.length === 0) {
    return [{ resource, message: 'names no volume, so that those of the image stay as they are' }];
  }
  return mappings
    .filter((mapping) => !blocks(mapping['ebs']).every((ebs) => encrypted(ebs['encrypted'])))
    .map((mapping) => ({
      resource,
      subject: String(mapping['device_name']),
      message: `has an unencrypted volume ${mapping['device_name']}; set encrypted`,
    }));
}
