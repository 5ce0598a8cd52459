import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The output of `npm sbom` for a package, as far as it is used here. */
const componentSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  purl: z.string(),
  licenses: z
    .array(
      z.union([
        z.looseObject({ license: z.looseObject({ id: z.string() }) }),
        z.looseObject({ license: z.looseObject({ name: z.string() }) }),
        z.looseObject({ expression: z.string() }),
      ]),
    )
    .optional(),
});

const bomSchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  serialNumber: z.string(),
  metadata: z.looseObject({
    timestamp: z.string(),
    component: z.looseObject({ name: z.string() }),
  }),
  components: z.array(componentSchema),
});

export type BillOfMaterials = z.infer<typeof bomSchema>;

/**
 * A reproducible bill of materials: the same for the same lock file. `npm sbom` adds a random serial number,
 * the time, and the name of the folder.
 *
 * Source: CycloneDX 1.5, "serialNumber" and "metadata"
 *
 * @param text the output of `npm sbom --sbom-format cyclonedx`
 * @param name of the project
 * @param at the date of the commit, in ISO 8601
 */
export function reproducible(text: string, name: string, at: string): BillOfMaterials {
  const bom = bomSchema.parse(JSON.parse(text));
  const { metadata } = bom;
  const fixed = {
    ...bom,
    metadata: { ...metadata, timestamp: at, component: { ...metadata.component, name } },
  };
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...fixed, serialNumber: '' }))
    .digest('hex');
  return { ...fixed, serialNumber: `urn:uuid:${asUuid(hash)}` };
}

/** A UUID of version 8, whose bits may be chosen freely. Source: RFC 9562, section 5.8 */
function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface LicensedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or the text that the package gives instead. */
  readonly license: string;
}

/** Licence of each package, by name and version. */
export function licencesOf({ components }: BillOfMaterials): readonly LicensedPackage[] {
  return components
    .map(({ name, version, licenses = [] }) => ({
      name,
      version,
      license: licenses.map(licenceText).join(' AND ') || 'unknown',
    }))
    .sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
}

function licenceText(
  entry: NonNullable<BillOfMaterials['components'][number]['licenses']>[number],
) {
  const words = 'license' in entry ? (entry.license as Record<string, unknown>) : entry;
  return String(words['id'] ?? words['name'] ?? words['expression']);
}

/** A table for people and for spreadsheets. */
export function licenceTable(packages: readonly LicensedPackage[]): string {
  const rows = packages.map(({ name, version, license }) => `${name},${version},"${license}"`);
  return `package,version,licence\n${rows.join('\n')}\n`;
}
