import { OwsException } from './ows-exception.ts';
import { queryDecoded } from './percent-encoding.ts';

/**
 * Parameters of a query string by key, in any case (OGC 06-121r3, clause 11.5.2). Parameters that the service
 * does not know are ignored, as the same clause demands.
 */
export class KvpParameters {
  readonly #values = new Map<string, string>();

  /**
   * @param query percent-encoded, without `?`
   * @throws {OwsException} if a parameter has two different values: neither may win silently
   */
  constructor(query: string, known: readonly string[]) {
    const names = new Map(known.map((name) => [name.toLowerCase(), name]));
    for (const parameter of query.split('&')) {
      const [key = '', ...rest] = parameter.split('=');
      // A key that cannot be decoded is not one of ours.
      const name = (queryDecoded(key) ?? key).toLowerCase();
      const value = rest.join('=');
      const earlier = this.#values.get(name);
      const isKnown = names.get(name);
      if (isKnown !== undefined && earlier !== undefined && earlier !== value) {
        throw new OwsException(
          'InvalidParameterValue',
          `Parameter "${isKnown}" is given twice with different values; allowed: once.`,
          { locator: isKnown },
        );
      }
      this.#values.set(name, value);
    }
  }

  /** For lists, which are split before they are decoded; empty if the parameter is left out. */
  encoded(name: string): string {
    return this.#values.get(name.toLowerCase())?.trim() ?? '';
  }

  /** Also undefined for an empty value, which clients send for parameters that they do not use. */
  optional(name: string): string | undefined {
    const value = queryDecoded(this.encoded(name));
    if (value !== undefined) return value.trim() || undefined;
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "${name}" is not text; allowed: percent-encoded UTF-8 without control characters.`,
      { locator: name },
    );
  }

  /** @throws {OwsException} if the parameter is left out or empty */
  required(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    throw new OwsException('MissingParameterValue', `Parameter "${name}" is missing.`, {
      locator: name,
    });
  }

  flag(name: string): boolean {
    const value = this.optional(name) ?? 'false';
    if (!/^(true|false)$/i.test(value)) throw wrongParameter(name, value, 'true, false');
    return value.toLowerCase() === 'true';
  }

  /** The values between the commas; empty if the parameter is left out. */
  list(name: string): string[] {
    return listOf(this.optional(name) ?? '');
  }
}

export function listOf(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function wrongParameter(name: string, found: string, allowed: string): OwsException {
  return new OwsException(
    'InvalidParameterValue',
    `Parameter "${name}" is "${found}"; allowed: ${allowed}.`,
    { locator: name },
  );
}
