type Attributes = Readonly<Record<string, unknown>>;

/** A synthesised stack, as Terraform reads it. */
export interface Stack {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

/** The differences between two syntheses of the same stack. */
export interface StackDifference {
  /** Addresses that are missing: a plan would destroy these resources. */
  readonly gone: readonly string[];
  /** Addresses that are new: a plan would create these resources. */
  readonly added: readonly string[];
  /** Attributes with another value, `aws_vpc.network_vpc_1A2B.tags.Name: "a" -> "b"`. */
  readonly changed: readonly string[];
}

/** @param attributes renamed attributes, new name to old; a new name is no difference */
export function compareStacks(
  today: Stack,
  upgraded: Stack,
  attributes: Readonly<Record<string, string>>,
): StackDifference {
  const before = resourcesOf(today);
  const after = resourcesOf(upgraded);
  const gone = [...before.keys()].filter((address) => !after.has(address));
  const added = [...after.keys()].filter((address) => !before.has(address));
  const changed = [...after].flatMap(([address, now]) => {
    const then = before.get(address);
    return then === undefined ? [] : differences(address, then, renamed(then, now, attributes));
  });
  return { gone, added, changed };
}

function resourcesOf({ resource = {}, data = {} }: Stack): ReadonlyMap<string, Attributes> {
  const addressed = (kind: typeof resource, prefix: string) =>
    Object.entries(kind).flatMap(([type, all]) =>
      Object.entries(all).map(([id, { '//': _, ...attributes }]): [string, Attributes] => [
        `${prefix}${type}.${id}`,
        attributes,
      ]),
    );
  return new Map([...addressed(resource, ''), ...addressed(data, 'data.')]);
}

/** A new name counts as the old one where the old one was used. */
function renamed(
  then: Attributes,
  now: Attributes,
  names: Readonly<Record<string, string>>,
): Attributes {
  return Object.fromEntries(
    Object.entries(now).map(([name, value]) => {
      const old = names[name];
      return [old !== undefined && old in then ? old : name, value];
    }),
  );
}

function differences(path: string, then: unknown, now: unknown): readonly string[] {
  if (JSON.stringify(then) === JSON.stringify(now)) return [];
  if (isRecord(then) && isRecord(now)) {
    return [...new Set([...Object.keys(then), ...Object.keys(now)])].flatMap((name) =>
      differences(`${path}.${name}`, then[name], now[name]),
    );
  }
  // An attribute with an empty value is the same as none.
  if ((then ?? null) === null && (now ?? null) === null) return [];
  return [`${path}: ${JSON.stringify(then)} -> ${JSON.stringify(now)}`];
}

function isRecord(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null;
}
