import { ServiceFault } from './service-fault.ts';

/**
 * The value of a query parameter that may be given once, or several times with the same value.
 *
 * @returns null if it is not given
 * @throws {ServiceFault} if its values differ: neither may win silently
 */
export function singleValue(query: URLSearchParams, name: string): string | null {
  const [value, ...others] = new Set(query.getAll(name));
  if (others.length === 0) return value ?? null;
  throw new ServiceFault(
    'invalid-value',
    `Parameter "${name}" is given twice with different values; allowed: once.`,
    { subject: name },
  );
}
