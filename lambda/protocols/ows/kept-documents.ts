/** Documents cached per encoder: clients vary the language and the processes that they ask for. */
const mostKept = 32;

/**
 * Caches encoded documents: equal values are encoded once. For documents that depend only on the
 * configuration and on process descriptions, which do not change between two requests.
 *
 * @param encode its result must depend on its parameters alone; arrays and objects among them are compared by
 *   their members, everything else by identity, because a configuration is copied for each request while a
 *   notice is shown
 */
export function keptDocuments<Values extends readonly unknown[]>(
  encode: (...values: Values) => string,
): (...values: Values) => string {
  const kept: { readonly values: Values; readonly document: string }[] = [];
  return (...values) => {
    const found = kept.find(({ values: known }) =>
      known.every((value, index) => isSame(value, values[index])),
    );
    if (found) return found.document;
    const document = encode(...values);
    kept.unshift({ values, document });
    kept.length = Math.min(kept.length, mostKept);
    return document;
  };
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  const members = new Map(Object.entries(one));
  const others = Object.entries(other);
  return (
    members.size === others.length && others.every(([name, value]) => members.get(name) === value)
  );
}
