import { type Attribute, type Attributes, textAttribute, textOf } from './attributes.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { Refusal } from './refusal.ts';

/** Prefix of a variable's name if a dimension has the same name and the variable is not its coordinate. */
export const nonCoordinatePrefix = '_nc4_non_coord_';

/** Maximum number of members of all groups; the library needs a millisecond for each. */
const mostMembers = 2_000;
/** Maximum depth of nested groups: a link to an outer group would recurse forever. */
const deepest = 8;

/**
 * The paths of all datasets and groups of a file, outer groups first.
 *
 * @param check throws for a member outside the file; called before the member is opened
 * @throws {Refusal} if there are more than in any archive's files
 */
export function pathsOf(
  file: Pick<Hdf5File, 'kind' | 'names'>,
  members: Iterable<string>,
  check: (path: string) => void,
): { readonly datasets: readonly string[]; readonly groups: readonly string[] } {
  const datasets: string[] = [];
  const all: string[] = [];
  let inner = [...members];
  for (let depth = 0; inner.length > 0; depth++) {
    if (depth > deepest) {
      throw new Refusal(`has groups in groups ${depth} deep; allowed: at most ${deepest}.`);
    }
    const groups: string[] = [];
    for (const path of inner) {
      check(path);
      const kind = file.kind(path);
      if (kind === undefined) throw new Error(`${path} cannot be read`);
      // A type is read together with a variable that uses it.
      if (kind !== 'type') (kind === 'group' ? groups : datasets).push(path);
    }
    all.push(...groups);
    inner = groups.flatMap((group) => file.names(group).map((name) => `${group}/${name}`));
    const count = datasets.length + inner.length;
    if (count > mostMembers) {
      throw new Refusal(`has ${count} variables; allowed: at most ${mostMembers} in a file.`);
    }
  }
  return { datasets, groups: all };
}

/**
 * The attributes of a file without groups: its own, and those of its groups. A group's attribute keeps its
 * own name, or is prefixed with the groups if several have the same name, as in `fine__title`.
 *
 * @param ofGroups by path
 */
export function withGroupAttributes(
  own: Attributes,
  ofGroups: ReadonlyMap<string, Attributes>,
): Attributes {
  const counts = new Map<string, number>();
  for (const attributes of [own, ...ofGroups.values()]) {
    for (const name of attributes.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const flat = [...ofGroups].flatMap(([path, attributes]) =>
    [...attributes].map(([name, attribute]): [string, Attribute] => [
      counts.get(name) === 1 ? name : [...path.split('/'), name].join('__'),
      attribute,
    ]),
  );
  return new Map([...own, ...flat]);
}

/**
 * The names of variables and dimensions in a file without groups, by path: their own names, prefixed with
 * their groups if several have the same name, as in `fine__lat`.
 *
 * @param members names of the root group's members, including groups
 *
 * Source: CF conventions 1.11, section 2.7 "Groups".
 */
export function flatNames(
  paths: readonly string[],
  members: ReadonlySet<string>,
): Map<string, string> {
  const locals = new Map<string, number>();
  for (const path of paths) locals.set(localName(path), (locals.get(localName(path)) ?? 0) + 1);
  return new Map(
    paths.map((path) => {
      const local = localName(path);
      const isOnly = locals.get(local) === 1 && !members.has(local);
      const isPlain = isOnly || !path.includes('/');
      return [path, isPlain ? local : [...groupsOf(path), local].join('__')];
    }),
  );
}

/** Attributes that name variables, or pairs of a word and a variable. */
const references = new Set([
  ...['ancillary_variables', 'bounds', 'cell_measures', 'climatology', 'coordinates'],
  ...['formula_terms', 'grid_mapping'],
]);

/**
 * The attributes of a variable in a group, with references to other variables changed to their flat names.
 */
export function flatAttributes(
  attributes: Attributes,
  path: string,
  names: ReadonlyMap<string, string>,
): Attributes {
  return new Map(
    [...attributes].map(([name, attribute]): [string, Attribute] => {
      const text = references.has(name) ? textOf(attribute) : undefined;
      const changed = text?.replaceAll(/[^\s:]+/g, (word) => flatReference(word, path, names));
      return [name, changed === undefined || changed === text ? attribute : textAttribute(changed)];
    }),
  );
}

/** Looks for a name in the group of the variable, and then in the enclosing groups. */
function flatReference(word: string, path: string, names: ReadonlyMap<string, string>): string {
  const own = word.replace(/^\//, '');
  const groups = word.startsWith('/') ? [] : groupsOf(path);
  for (let depth = groups.length; depth >= 0; depth--) {
    const found = names.get([...groups.slice(0, depth), own].join('/'));
    if (found !== undefined) return found;
  }
  return word;
}

function groupsOf(path: string): string[] {
  return path.split('/').slice(0, -1);
}

function localName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.startsWith(nonCoordinatePrefix) ? name.slice(nonCoordinatePrefix.length) : name;
}
