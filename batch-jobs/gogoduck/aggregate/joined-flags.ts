import {
  contradiction,
  type FlagMeanings,
  flagAttributesOf,
  flagKind,
  flagNumbers,
} from '../grid/flags.ts';
import { attributesOf } from '../grid/header.ts';
import { JobError } from '../job-error.ts';
import { isPacked, samePacking } from '../netcdf/packing.ts';
import {
  isInteger,
  isNumeric,
  type NumericType,
  numbersOf,
  type StoredNumber,
  sizeOf,
} from '../netcdf/types.ts';
import {
  type Encoding,
  extremesOf,
  type FileEncoding,
  type Treatment,
  widest,
} from './encodings.ts';
import type { Template } from './template.ts';

/** What the files so far say about the numbers of one variable. */
interface Joined {
  /** Undefined as long as no file says that they are flags. */
  readonly meanings: FlagMeanings | undefined;
  /** For each flag, the first file that defines it. */
  readonly from: ReadonlyMap<string, string>;
  /** Numbers that mark missing data. */
  readonly missing: readonly StoredNumber[];
  /** An integer type for the numbers of all files; undefined if they are packed, or if no type fits. */
  readonly type: NumericType | undefined;
  /** Whether all files store them in the same way. */
  readonly isAlike: boolean;
}

/**
 * Merges the flag definitions of all files, so that flag variables stay flags.
 *
 * Source: CF conventions 1.11, section 3.5 "Flags".
 */
export class JoinedFlags {
  readonly #joined = new Map<string, Joined>();

  /**
   * @param first the variable in the template
   * @throws {JobError} if a flag has two meanings, or is a value in one file and a mask in another
   */
  add(variable: string, first: FileEncoding, other: FileEncoding): void {
    const known = this.#joined.get(variable) ?? alone(first);
    const own = alone(other);
    const isAlike = haveSamePacking(first.encoding, other.encoding);
    if (isAlike && (own.meanings?.size ?? 0) === 0 && this.#joined.has(variable)) return;
    checkFlags(variable, known, own, other.file);
    const isNew = (flag: string) => !known.meanings?.has(flag);
    const more = <T>(flags: ReadonlyMap<string, T>) => [...flags].filter(([flag]) => isNew(flag));
    this.#joined.set(variable, {
      meanings:
        known.meanings && own.meanings
          ? new Map([...known.meanings, ...more(own.meanings)])
          : (known.meanings ?? own.meanings),
      from: new Map([...known.from, ...more(own.from)]),
      missing: isAlike ? known.missing : [...new Set([...known.missing, ...own.missing])],
      type: known.type && own.type && widest(known.type, own.type),
      isAlike: known.isAlike && isAlike,
    });
  }

  /** How to convert flags that files store differently, by variable. */
  treatments(): Map<string, Treatment> {
    const treatments = new Map<string, Treatment>();
    for (const [variable, { meanings, missing, type, isAlike }] of this.#joined) {
      if (!meanings || isAlike || !type) continue;
      const taken = flagNumbers(meanings);
      // The type holds the numbers of all files, and so those that mark missing data.
      const fill = [...missing, ...extremesOf(type)].find((number) => !taken.has(String(number)));
      if (fill === undefined) continue;
      treatments.set(variable, {
        kind: 'recode',
        type,
        fill: numbersOf(type, [fill])[0] as StoredNumber,
      });
    }
    return treatments;
  }

  /** The template with the flags of all files. */
  templateFor(template: Template): Template {
    const { header } = template;
    const changed = [...header.variables.values()].flatMap((variable) => {
      const added = this.#added(variable.name, template);
      const { meanings, type } = this.#joined.get(variable.name) ?? {};
      if (added.length === 0 || !meanings || !type || !isNumeric(variable.type)) return [];
      // Numbers that are meant as unsigned are stored in the variable's signed type.
      const isAsWide = sizeOf(type) === sizeOf(variable.type);
      const flags = flagAttributesOf(meanings, isAsWide ? variable.type : type);
      return [[variable.name, new Map([...attributesOf(header, variable), ...flags])] as const];
    });
    if (changed.length === 0) return template;
    const variableAttributes = new Map([...header.variableAttributes, ...changed]);
    return { ...template, header: { ...header, variableAttributes } };
  }

  /** Flags that files other than the template added, for the history. */
  remarks(template: Template): string[] {
    return [...this.#joined].flatMap(([variable, { meanings, from }]) => {
      const added = this.#added(variable, template);
      const files = new Set(added.map((flag) => `file "${from.get(flag)}"`));
      const names = added.map((flag) => meanings?.get(flag));
      return added.length > 0
        ? [`flags of ${variable} from ${[...files].join(', ')}: ${names.join(', ')}`]
        : [];
    });
  }

  /** Flags that the template does not define. */
  #added(variable: string, { header, encodings }: Template): string[] {
    const { from = new Map<string, string>(), type } = this.#joined.get(variable) ?? {};
    if (!type || !encodings.has(variable)) return [];
    return [...from].filter(([, file]) => file !== header.name).map(([flag]) => flag);
  }
}

function alone({ file, encoding }: FileEncoding): Joined {
  const { flags, packing } = encoding;
  const isPlain = packing !== undefined && !isPacked(packing) && isInteger(packing.type);
  return {
    meanings: flags,
    from: new Map([...(flags?.keys() ?? [])].map((flag) => [flag, file])),
    missing: packing?.missing ?? [],
    type: isPlain ? packing.type : undefined,
    isAlike: true,
  };
}

function haveSamePacking(one: Encoding, other: Encoding): boolean {
  if (!one.packing || !other.packing) return one.packing === other.packing;
  return samePacking(one.packing, other.packing);
}

function checkFlags(variable: string, known: Joined, own: Joined, file: string): void {
  if (!known.meanings || !own.meanings) return;
  const found = contradiction(known.meanings, own.meanings);
  if (found) {
    throw new JobError(
      'badData',
      `Files "${known.from.get(found.flag)}" and "${file}" have flag ${found.inWords} in ${variable}; they cannot be joined. A shorter period may hold files of one kind only.`,
    );
  }
  const [was, is] = [flagKind(known.meanings), flagKind(own.meanings)];
  if (was === undefined || is === undefined || was === is) return;
  throw new JobError(
    'badData',
    `File "${file}" has flags of ${variable} as ${is}, but file "${[...known.from.values()][0]}" has them as ${was}; they cannot be joined. A shorter period may hold files of one kind only.`,
  );
}
