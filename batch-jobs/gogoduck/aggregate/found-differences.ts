import { withoutVariables } from '../grid/header.ts';
import type { NetcdfFile } from '../netcdf/netcdf-file.ts';
import type { Differences } from './compare-files.ts';
import { fingerprints, fixedVariables } from './fixed-variables.ts';
import {
  type Adaptation,
  filledVariables,
  type Promotion,
  withTextLengths,
} from './joined-file.ts';
import type { Template } from './template.ts';

/** The adaptation of a file that needs none. */
export const asItIs: Adaptation = {
  promotion: undefined,
  filled: new Map(),
  textLengths: new Map(),
};

/** Collects the differences between a layer's files that do not prevent joining. */
export class FoundDifferences {
  /** By variable, the first file that lacks it, has it in addition, or has different values. */
  readonly #lacking = new Map<string, string>();
  readonly #extra = new Map<string, string>();
  readonly #others = new Map<string, string>();
  readonly #textLengths = new Map<string, number>();
  #fingerprints: ReadonlyMap<string, string> | undefined;
  #files = 1;

  async add(
    file: NetcdfFile,
    { lacking, extra, textLengths }: Differences,
    template: Template,
    openTemplate: () => Promise<NetcdfFile>,
  ): Promise<void> {
    this.#files += 1;
    for (const name of lacking) note(this.#lacking, name, file);
    for (const name of extra) note(this.#extra, name, file);
    for (const [dimension, length] of textLengths) {
      this.#textLengths.set(dimension, Math.max(this.#textLengths.get(dimension) ?? 0, length));
    }
    if (fixedVariables(template).length === 0) return;
    this.#fingerprints ??= await fingerprintsOfTemplate(template, openTemplate);
    for (const [name, fingerprint] of await fingerprints(file, template)) {
      if (this.#fingerprints.get(name) !== fingerprint) note(this.#others, name, file);
    }
  }

  /** The template without variables that cannot be filled, and with room for the longest texts. */
  templateFor(template: Template): Template {
    const leftOut = this.#unfillable(template);
    if (leftOut.size === 0 && this.#textLengths.size === 0) return template;
    const header = withTextLengths(withoutVariables(template.header, leftOut), this.#textLengths);
    return {
      ...template,
      header,
      varying: template.varying.flatMap(({ name }) => header.variables.get(name) ?? []),
      encodings: new Map([...template.encodings].filter(([name]) => !leftOut.has(name))),
    };
  }

  adaptation(template: Template, promotion: Promotion | undefined): Adaptation {
    const { header } = this.templateFor(template);
    return {
      promotion,
      filled: filledVariables(header, this.#lacking.keys()),
      textLengths: this.#textLengths,
    };
  }

  remarks(template: Template): string[] {
    const name = template.header.name;
    const unfillable = this.#unfillable(template);
    const fixed = this.#files === 1 ? [] : fixedVariables(template);
    const inWords = fixed.map((variable) => {
      const other = this.#others.get(variable.name);
      return other === undefined ? variable.name : `${variable.name} (file "${other}" has another)`;
    });
    return [
      ...[...template.leftOut].map(([variable, why]) => `${variable} left out, as ${why}`),
      ...[...this.#lacking].map(([variable, file]) =>
        unfillable.has(variable)
          ? `${variable} left out, as file "${file}" does not have it`
          : `${variable} is without data where files do not have it, as file "${file}" does not`,
      ),
      ...[...this.#extra].map(
        ([variable, file]) =>
          `${variable} of file "${file}" left out, as file "${name}" does not have it`,
      ),
      ...(inWords.length > 0
        ? [`without time, and taken from file "${name}": ${inWords.join(', ')}`]
        : []),
    ];
  }

  /**
   * Variables that cannot be filled: bytes without a fill value cannot mark missing data, and bounds must be
   * complete.
   */
  #unfillable({ header, coordinates }: Template): Set<string> {
    const { time } = coordinates;
    const ofTime = time && header.variableAttributes.get(time.name)?.get('bounds');
    return new Set(
      [...this.#lacking.keys()].filter((name) => {
        const type = header.variables.get(name)?.type;
        const hasFill = header.variableAttributes.get(name)?.has('_FillValue') ?? false;
        const isBounds = ofTime?.kind === 'text' && Buffer.from(ofTime.bytes).toString() === name;
        return isBounds || (!hasFill && (type === 'byte' || type === 'ubyte'));
      }),
    );
  }
}

function note(found: Map<string, string>, name: string, file: NetcdfFile): void {
  if (!found.has(name)) found.set(name, file.name);
}

async function fingerprintsOfTemplate(
  template: Template,
  openTemplate: () => Promise<NetcdfFile>,
): Promise<ReadonlyMap<string, string>> {
  const file = await openTemplate();
  try {
    return await fingerprints(file, template);
  } finally {
    file.close();
  }
}
