import { attributesOf, type Header } from '../grid/header.ts';
import type { Attributes } from '../netcdf/attributes.ts';
import { fillCell } from '../netcdf/fill-cell.ts';
import type { Box, Dimension, NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { product } from '../netcdf/product.ts';
import { sizeOf } from '../netcdf/types.ts';

/** A time that files store without a dimension, and the variables that belong to that time. */
export interface Promotion {
  /** Name of the time, and of the dimension that it gets. */
  readonly time: string;
  readonly variables: ReadonlySet<string>;
}

/** What files need to match the other files of their layer. */
export interface Adaptation {
  readonly promotion: Promotion | undefined;
  /** Variables that vary with time and are missing in some files, as defined in the template. */
  readonly filled: ReadonlyMap<
    string,
    { readonly variable: Variable; readonly attributes: Attributes }
  >;
  /** Lengths of the longest texts, by dimension. */
  readonly textLengths: ReadonlyMap<string, number>;
}

/**
 * Presents a file like the other files of its layer: its single time becomes a dimension, missing variables
 * appear without data, and texts are as long as the longest.
 */
export class JoinedFile implements NetcdfFile {
  readonly #file: NetcdfFile;
  readonly #adaptation: Adaptation;
  readonly #timeDimension: string | undefined;

  constructor(file: NetcdfFile, adaptation: Adaptation, timeDimension?: string) {
    this.#file = file;
    this.#adaptation = adaptation;
    this.#timeDimension = timeDimension;
  }

  get name(): string {
    return this.#file.name;
  }

  get members(): ReadonlySet<string> {
    return this.#file.members;
  }

  get unread(): ReadonlyMap<string, string> {
    return this.#file.unread;
  }

  get dimensions(): ReadonlyMap<string, Dimension> {
    const { promotion } = this.#adaptation;
    if (!promotion) return this.#file.dimensions;
    const time = { name: promotion.time, size: 1, unlimited: true };
    return new Map([[time.name, time], ...this.#file.dimensions]);
  }

  get variables(): ReadonlyMap<string, Variable> {
    return new Map(
      [...this.#file.variables].map(([name, variable]) => [name, this.#promoted(variable)]),
    );
  }

  layout(name: string): Pick<Variable, 'type' | 'shape'> | undefined {
    const filled = this.#filled(name);
    if (filled) return { type: filled.variable.type, shape: this.#filledShape(filled.variable) };
    const layout = this.#file.layout(name);
    return (
      layout && { ...layout, shape: this.#isPromoted(name) ? [1, ...layout.shape] : layout.shape }
    );
  }

  attributes(variable?: Variable): Attributes {
    const filled = variable && this.#filled(variable.name);
    return filled ? filled.attributes : this.#file.attributes(variable);
  }

  encodingAttributes(variable: Variable): Attributes {
    return this.#filled(variable.name)?.attributes ?? this.#file.encodingAttributes(variable);
  }

  read(variable: Variable, box: Box, target: Uint8Array): void {
    const filled = this.#filled(variable.name);
    if (filled) {
      const cell = fillCell(variable.type, filled.attributes);
      for (let at = 0; at < target.length; at += cell.length) target.set(cell, at);
      return;
    }
    const { stored, own, short } = this.#ownBox(variable, box);
    if (!short) {
      this.#file.read(stored, own, target);
      return;
    }
    spreadTexts(this.#file.readBytes(stored, own), short, target);
  }

  async fetch(variable: Variable, box: Box, target: Uint8Array): Promise<void> {
    if (this.#filled(variable.name)) {
      this.read(variable, box, target);
      return;
    }
    const { stored, own, short } = this.#ownBox(variable, box);
    if (!short) {
      await this.#file.fetch(stored, own, target);
      return;
    }
    const bytes = new Uint8Array(product(own.count) * sizeOf(stored.type));
    await this.#file.fetch(stored, own, bytes);
    spreadTexts(bytes, short, target);
  }

  /**
   * A box in the file's own layout. If its texts are shorter than the longest, also their length and the
   * requested one.
   */
  #ownBox(variable: Variable, box: Box) {
    const isPromoted = this.#isPromoted(variable.name);
    const own = isPromoted ? withoutTime(box) : box;
    const stored = isPromoted ? demoted(variable) : variable;
    const length = this.#ownTextLength(variable);
    const asked = own.count.at(-1) ?? 0;
    if (length === undefined || length >= asked) return { stored, own };
    return {
      stored: { ...stored, shape: stored.shape.with(-1, length) },
      own: { start: own.start, count: own.count.with(-1, length) },
      short: { length, asked },
    };
  }

  readStrings(variable: Variable, box: Box): string[] {
    if (this.#filled(variable.name)) return Array<string>(product(box.count)).fill('');
    if (!this.#isPromoted(variable.name)) return this.#file.readStrings(variable, box);
    return this.#file.readStrings(demoted(variable), withoutTime(box));
  }

  readBytes(variable: Variable, box: Box): Uint8Array {
    const target = new Uint8Array(product(box.count) * sizeOf(variable.type));
    this.read(variable, box, target);
    return target;
  }

  chunks(variable: Variable) {
    const isAsStored =
      !this.#filled(variable.name) &&
      !this.#isPromoted(variable.name) &&
      this.#ownTextLength(variable) === undefined;
    return isAsStored ? this.#file.chunks(variable) : undefined;
  }

  close(): void {
    this.#file.close();
  }

  #filled(name: string) {
    const filled = this.#adaptation.filled.get(name);
    return filled && !this.#file.layout(name) ? filled : undefined;
  }

  /** As many steps as the file has times. */
  #filledShape({ shape, dimensions }: Variable): number[] {
    const time = this.#timeDimension;
    const steps = time === undefined ? 1 : (this.#file.layout(time)?.shape[0] ?? 1);
    return shape.map((size, axis) => (dimensions[axis] === time ? steps : size));
  }

  #isPromoted(name: string): boolean {
    return this.#adaptation.promotion?.variables.has(name) ?? false;
  }

  #promoted(variable: Variable): Variable {
    const { promotion } = this.#adaptation;
    if (!promotion || !this.#isPromoted(variable.name)) return variable;
    return {
      ...variable,
      dimensions: [promotion.time, ...variable.dimensions],
      shape: [1, ...variable.shape],
    };
  }

  /** Length of the file's own texts, if other files have longer ones. */
  #ownTextLength({ name, type, dimensions }: Variable): number | undefined {
    if (type !== 'char' || !this.#adaptation.textLengths.has(dimensions.at(-1) ?? '')) {
      return undefined;
    }
    return this.#file.layout(name)?.shape.at(-1);
  }
}

/** Texts shorter than the longest end with NUL. */
function spreadTexts(
  bytes: Uint8Array,
  { length, asked }: { readonly length: number; readonly asked: number },
  target: Uint8Array,
): void {
  for (let text = 0; text * length < bytes.length; text++) {
    target.set(bytes.subarray(text * length, (text + 1) * length), text * asked);
    target.fill(0, text * asked + length, (text + 1) * asked);
  }
}

/** The variable in the file's own layout. */
function demoted(variable: Variable): Variable {
  return {
    ...variable,
    dimensions: variable.dimensions.slice(1),
    shape: variable.shape.slice(1),
  };
}

function withoutTime({ start, count }: Box): Box {
  return { start: start.slice(1), count: count.slice(1) };
}

/** The header with texts as long as the longest of all files. */
export function withTextLengths(header: Header, lengths: ReadonlyMap<string, number>): Header {
  if (lengths.size === 0) return header;
  const lengthOf = (name: string, size: number) => Math.max(lengths.get(name) ?? 0, size);
  return {
    ...header,
    dimensions: new Map(
      [...header.dimensions].map(([name, dimension]) => [
        name,
        { ...dimension, size: lengthOf(name, dimension.size) },
      ]),
    ),
    variables: new Map(
      [...header.variables].map(([name, variable]) => [
        name,
        {
          ...variable,
          shape: variable.shape.map((size, axis) =>
            lengthOf(variable.dimensions[axis] as string, size),
          ),
        },
      ]),
    ),
  };
}

/** The variables of a template that are filled in files without them, by name. */
export function filledVariables(header: Header, names: Iterable<string>) {
  return new Map(
    [...names].flatMap((name) => {
      const variable = header.variables.get(name);
      return variable
        ? [[name, { variable, attributes: attributesOf(header, variable) }] as const]
        : [];
    }),
  );
}
