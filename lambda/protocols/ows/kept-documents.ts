/** Documents kept per encoder: clients vary the language, and ask for this process or that. */
const mostKept = 32;

/**
 * Encodes a document once for the same values. For documents that follow from the configuration
 * and from process descriptions alone, which do not change between two requests.
 *
 * @param encode what it returns must depend on its parameters alone; arrays among them are compared by
 *   their elements, everything else by identity
 */
export function keptDocuments<Values extends readonly unknown[]>(
  encode: (...values: Values) => string,
): (...values: Values) => string {
  const kept: { readonly values: Values; readonly document: string }[] = [];
  return (...values) => {
    const found = kept.find((known) => areSame(known.values, values));
    if (found) return found.document;
    const document = encode(...values);
    kept.unshift({ values, document });
    kept.length = Math.min(kept.length, mostKept);
    return document;
  };
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, index) => {
      const other = others[index];
      return Array.isArray(one) && Array.isArray(other) ? areSame(one, other) : one === other;
    })
  );
}
