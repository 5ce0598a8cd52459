/** CPU architectures of machines, images and containers. */
export const architectures = ['x86_64', 'arm64'] as const;
export type Architecture = (typeof architectures)[number];

/**
 * Architecture of an instance type or family: those on Graviton have a `g` behind the generation
 * (`m7g`, `c6gn.large`, `im4gn`); `g5` is not one of them.
 *
 * Source: Amazon EC2 Instance Types Guide, "Instance type naming conventions"
 */
export function architectureOf(instanceType: string): Architecture {
  return /^(a1|[a-z]+\d+[a-z]*g[a-z]*)(\.|$)/.test(instanceType) ? 'arm64' : 'x86_64';
}
