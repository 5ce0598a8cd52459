import type { Finding, Rule } from './rule.ts';
import { type Attributes, blocks } from './synthesised-resource.ts';

/** Tags by which the bill is split. */
const requiredTags = ['Project', 'Environment', 'Owner', 'CostCentre'] as const;

/**
 * Every resource has the tags by which costs are split: through the provider's default tags, and, for what
 * Batch and Image Builder start, through the resources that start it.
 */
export const missingTag: Rule = {
  name: 'missing-tag',
  check({ providers, resources }) {
    const findings: Finding[] = providers.flatMap((provider) => {
      const missing = missingIn(blocks(provider['default_tags'])[0]?.['tags']);
      return missing.length > 0
        ? [{ message: `the provider's default tags lack ${missing.join(', ')}` }]
        : [];
    });
    for (const resource of resources) {
      const { type, attributes } = resource;
      if (type === 'aws_launch_template') {
        for (const kind of ['instance', 'volume']) {
          const missing = missingIn(tagsOf(kind, attributes));
          if (missing.length === 0) continue;
          const message = `gives each ${kind} no ${missing.join(', ')}; default tags do not reach it`;
          findings.push({ resource, subject: kind, message });
        }
      }
      if (type === 'aws_imagebuilder_infrastructure_configuration') {
        const missing = missingIn(attributes['resource_tags']);
        if (missing.length === 0) continue;
        const message = `gives build machines no ${missing.join(', ')}; default tags do not reach them`;
        findings.push({ resource, message });
      }
    }
    return findings;
  },
};

function tagsOf(kind: string, attributes: Attributes): unknown {
  return blocks(attributes['tag_specifications']).find(
    (specification) => specification['resource_type'] === kind,
  )?.['tags'];
}

function missingIn(tags: unknown): readonly string[] {
  const present = typeof tags === 'object' && tags !== null ? tags : {};
  return requiredTags.filter((tag) => !(tag in present));
}
