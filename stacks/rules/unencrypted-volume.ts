import type { Rule } from './rule.ts';
import { blocks, type SynthesisedResource } from './synthesised-resource.ts';

const encrypted = (value: unknown) => value === true || value === 'true';

/** Every volume, of launch templates, images and file systems, is encrypted. */
export const unencryptedVolume: Rule = {
  name: 'unencrypted-volume',
  check: ({ resources }) => resources.flatMap(faultsOf),
};

function faultsOf(resource: SynthesisedResource) {
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
    default:
      return [];
  }
}

function devices(resource: SynthesisedResource, mappings: ReturnType<typeof blocks>) {
  return mappings
    .filter((mapping) => !blocks(mapping['ebs']).every((ebs) => encrypted(ebs['encrypted'])))
    .map((mapping) => ({
      resource,
      subject: String(mapping['device_name']),
      message: `has an unencrypted volume ${mapping['device_name']}; set encrypted`,
    }));
}
