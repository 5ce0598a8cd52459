/** A move to newer versions of the libraries that the stacks are written with. */
export interface Upgrade {
  /** Packages to install instead, with exact versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** Names of imported modules, old to new; a name includes everything below it. */
  readonly imports: Readonly<Record<string, string>>;
  /** Properties of constructs, old to new. */
  readonly properties: Readonly<Record<string, string>>;
  /** Terraform's names of those properties, new to old, which a comparison treats as equal. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The prepared moves: AWS provider 6 with cdktf as it is, and cdktn, the community's continuation of cdktf,
 * whose provider packages start at AWS provider 6.
 *
 * Source: Terraform AWS provider, "Version 6 upgrade guide"; https://cdktn.io
 */
export const upgrades = {
  'provider-6': {
    packages: { '@cdktf/provider-aws': '21.22.1', cdktf: '0.21.0', constructs: '10.4.2' },
    imports: {},
    properties: { computeEnvironmentNamePrefix: 'namePrefix' },
    attributes: { name_prefix: 'compute_environment_name_prefix' },
  },
  cdktn: {
    packages: { cdktn: '0.24.0', '@cdktn/provider-aws': '25.7.0', constructs: '10.6.0' },
    imports: { cdktf: 'cdktn', '@cdktf/provider-aws': '@cdktn/provider-aws' },
    properties: { computeEnvironmentNamePrefix: 'namePrefix' },
    attributes: { name_prefix: 'compute_environment_name_prefix' },
  },
} satisfies Record<string, Upgrade>;

export type UpgradeName = keyof typeof upgrades;

/** The source of a module, moved. */
export function moved(source: string, { imports, properties }: Upgrade): string {
  let result = source;
  for (const [from, to] of Object.entries(imports)) {
    // In static and dynamic imports; a longer name with the same beginning is another package.
    const named = new RegExp(`(\\bfrom |\\bimport\\()'${from}(?=['/])`, 'g');
    result = result.replaceAll(named, `$1'${to}`);
  }
  for (const [from, to] of Object.entries(properties)) {
    result = result.replaceAll(new RegExp(`\\b${from}(?=:)`, 'g'), to);
  }
  return result;
}
