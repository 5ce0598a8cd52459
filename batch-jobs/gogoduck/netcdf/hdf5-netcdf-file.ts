import { closeSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { JobError } from '../job-error.ts';
import { type Attribute, type Attributes, attributeIn, readAttributes } from './attributes.ts';
import { countLargeBuffer } from './collect-garbage.ts';
import { withFlags } from './enumeration.ts';
import { fillCell } from './fill-cell.ts';
import { Hdf5Dataset } from './hdf5-dataset.ts';
import { type Hdf5, Hdf5File } from './hdf5-file.ts';
import { FileBytes } from './hdf5-format/file-bytes.ts';
import { ObjectHeader } from './hdf5-format/object-header.ts';
import { storedAttributes } from './hdf5-format/read-attributes.ts';
import { readLinks } from './hdf5-format/read-links.ts';
import { hasPlainAddresses } from './hdf5-format/superblock.ts';
import {
  flatAttributes,
  flatNames,
  nonCoordinatePrefix,
  pathsOf,
  withGroupAttributes,
} from './hdf5-groups.ts';
import { leadsElsewhere, storedElsewhere } from './hdf5-guard.ts';
import { type Hdf5NetcdfHeader, readNetcdfHeader } from './hdf5-netcdf-header.ts';
import type { Box, Dimension, NetcdfFile, Variable } from './netcdf-file.ts';
import { packingAttributes } from './packing.ts';
import { product } from './product.ts';
import { inFile, Refusal } from './refusal.ts';
import { ChunkCache, type StoredChunks } from './stored-data.ts';
import { sizeOf } from './types.ts';
import { understood } from './understood.ts';

const encodingAttributes = new Set([
  ...packingAttributes,
  ...['units', 'calendar', 'positive', 'flag_values', 'flag_masks', 'flag_meanings'],
]);

/** Maximum number of members of the root group; the library needs a millisecond for each. */
const mostMembers = 2_000;

/**
 * A NetCDF-4 file, read from disk on demand: the NetCDF data model on top of HDF5. It never reads any other
 * file.
 *
 * Source: NetCDF-4 file format specification,
 * https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
 */
export class Hdf5NetcdfFile implements NetcdfFile {
  readonly name: string;
  readonly members: ReadonlySet<string>;
  readonly #location: string;
  readonly #hdf5: Hdf5;
  #opened: Hdf5File | undefined;
  /** Addresses of the members' object headers, if they could be read without the library. */
  readonly #links: ReadonlyMap<string, number> | undefined;
  readonly #descriptor: number;
  readonly #bytes: FileBytes;
  readonly #cache = new ChunkCache();
  readonly #datasets = new Map<string, Hdf5Dataset>();
  readonly #encodings = new Map<string, Attributes>();
  #names: Map<string, string> | undefined;
  #groups: readonly string[] = [];
  #header: Hdf5NetcdfHeader | undefined;

  private constructor(hdf5: Hdf5, path: string, descriptor: number) {
    this.name = basename(path);
    this.#hdf5 = hdf5;
    this.#location = path;
    this.#descriptor = descriptor;
    this.#bytes = new FileBytes(descriptor);
    this.#links = understood(() => readLinks(this.#bytes));
    this.members = new Set(this.#links?.keys() ?? this.#library.names());
  }

  /** @throws {JobError} if the file is damaged, or uses features that are not supported */
  static open(hdf5: Hdf5, path: string): Hdf5NetcdfFile {
    const name = basename(path);
    const descriptor = openSync(path, 'r');
    let file: Hdf5NetcdfFile;
    try {
      file = new Hdf5NetcdfFile(hdf5, path, descriptor);
    } catch (error) {
      closeSync(descriptor);
      throw new JobError(
        'badData',
        `File "${name}" is damaged: it begins as NetCDF-4 and does not go on as such.`,
        { cause: error },
      );
    }
    try {
      file.#reading(() => file.#checkWhole());
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
    this.#reading(() => this.#opened?.close());
    this.#opened = undefined;
  }

  /** The file, opened with the library; most files of a layer are read without it. */
  get #library(): Hdf5File {
    this.#opened ??= Hdf5File.open(this.#hdf5, this.#location);
    return this.#opened;
  }

  get dimensions(): ReadonlyMap<string, Dimension> {
    return this.#readHeader().dimensions;
  }

  get variables(): ReadonlyMap<string, Variable> {
    return this.#readHeader().variables;
  }

  get unread(): ReadonlyMap<string, string> {
    return this.#readHeader().unread;
  }

  layout(name: string): Pick<Variable, 'type' | 'shape'> | undefined {
    if (this.#path(name) === undefined) return undefined;
    const { type, shape } = this.#dataset(name);
    return type && { type, shape };
  }

  attributes(variable?: Variable): Attributes {
    if (!variable) return this.#reading(() => this.#attributesOfFile());
    const { name, metadata } = this.#dataset(variable.name);
    return this.#reading(() => {
      const own = withFlags(readAttributes(this.#library, name), metadata);
      const names = this.#memberNames();
      // Variables outside groups may name those in them.
      return this.#groups.length > 0 ? flatAttributes(own, name, names) : own;
    });
  }

  encodingAttributes(variable: Variable): Attributes {
    const known = this.#encodings.get(variable.name);
    if (known) return known;
    const { name, metadata } = this.#dataset(variable.name);
    const found = this.#reading(() => {
      const own =
        understood(() => this.#storedEncoding(name)) ??
        readAttributes(this.#library, name, (each) => encodingAttributes.has(each));
      return withFlags(own, metadata);
    });
    this.#encodings.set(variable.name, found);
    return found;
  }

  read(variable: Variable, box: Box, target: Uint8Array): void {
    const dataset = this.#dataset(variable.name);
    const fill = () => fillCell(variable.type, this.encodingAttributes(variable));
    this.#reading(() => dataset.read(box, target, fill));
  }

  async fetch(variable: Variable, box: Box, target: Uint8Array): Promise<void> {
    this.read(variable, box, target);
  }

  readStrings(variable: Variable, box: Box): string[] {
    const dataset = this.#dataset(variable.name);
    return this.#reading(() => dataset.readStrings(box));
  }

  readBytes(variable: Variable, box: Box): Uint8Array {
    const target = new Uint8Array(product(box.count) * sizeOf(variable.type));
    countLargeBuffer(target.length);
    this.read(variable, box, target);
    return target;
  }

  chunks(variable: Variable): StoredChunks | undefined {
    const dataset = this.#dataset(variable.name);
    return this.#reading(() => dataset.chunks);
  }

  /** @returns undefined if only the library can read them */
  #storedEncoding(dataset: string): Attributes | undefined {
    if (!this.#links?.has(dataset)) return undefined;
    const found = new Map<string, Attribute>();
    const { header } = this.#datasetOf(dataset);
    for (const attribute of storedAttributes(this.#bytes, header)) {
      if (!encodingAttributes.has(attribute.name)) continue;
      const value = attributeIn(attribute);
      if (!value) return undefined;
      found.set(attribute.name, value);
    }
    return found;
  }

  #readHeader() {
    this.#header ??= this.#reading(() =>
      readNetcdfHeader(this.#library, this.#memberNames(), (path) => this.#datasetOf(path)),
    );
    return this.#header;
  }

  /** Flat names of the members of all groups, by path. */
  #memberNames(): ReadonlyMap<string, string> {
    if (!this.#names) {
      const { datasets, groups } = pathsOf(this.#library, this.members, (path) =>
        this.#checkLink(path),
      );
      this.#groups = groups;
      this.#names = flatNames(datasets, this.members);
    }
    return this.#names;
  }

  #attributesOfFile(): Attributes {
    this.#memberNames();
    const own = readAttributes(this.#library, '');
    const ofGroups = this.#groups.map(
      (group) => [group, readAttributes(this.#library, group)] as const,
    );
    return withGroupAttributes(own, new Map(ofGroups));
  }

  /** The dataset of a variable. */
  #dataset(variable: string): Hdf5Dataset {
    return this.#reading(() => this.#datasetOf(this.#path(variable) ?? variable));
  }

  #path(variable: string): string | undefined {
    const prefixed = `${nonCoordinatePrefix}${variable}`;
    if (this.members.has(prefixed)) return prefixed;
    // Most files have no groups, so there is no need to look for them.
    if (this.members.has(variable)) return variable;
    return this.#reading(() => {
      const paths = [...this.#memberNames()].filter(([, name]) => name === variable);
      const own = paths.find(([path]) => path.includes(`/${nonCoordinatePrefix}`)) ?? paths[0];
      return own?.[0];
    });
  }

  #checkLink(name: string): void {
    if (this.#links?.has(name)) return;
    const elsewhere = leadsElsewhere(this.#library, this.members, name);
    if (elsewhere === undefined) return;
    throw new Refusal(
      `has "${name}", which is ${elsewhere}; allowed: data that is in the file itself.`,
    );
  }

  /** Reads nothing of a dataset before it is known to be in the file. */
  #datasetOf(name: string): Hdf5Dataset {
    const known = this.#datasets.get(name);
    if (known) return known;
    this.#checkLink(name);
    const address = this.#links?.get(name) ?? this.#library.headerAddress(name);
    const header = new ObjectHeader(this.#bytes, address);
    const outside = storedElsewhere(header);
    if (outside !== undefined) {
      throw new Refusal(`has "${name}" with ${outside}; allowed: data that is in the file itself.`);
    }
    const dataset = new Hdf5Dataset(() => this.#library, this.#bytes, header, this.#cache, name);
    this.#datasets.set(name, dataset);
    return dataset;
  }

  #checkWhole(): void {
    if (!hasPlainAddresses(this.#bytes)) {
      throw new Refusal('counts its addresses in a way that no NetCDF software writes.');
    }
    if (this.members.size > mostMembers) {
      throw new Refusal(
        `has ${this.members.size} variables; allowed: at most ${mostMembers} in a file.`,
      );
    }
  }

  #reading<T>(read: () => T): T {
    return inFile(this.name, read);
  }
}
