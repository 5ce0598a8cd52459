import { XMLParser } from 'fast-xml-parser';

/** A fault that a check found, described for people. */
export class SmokeFault extends Error {
  override readonly name = 'SmokeFault';
}

export interface ClientOptions {
  /** Base of the service's URLs, ending in `/`. */
  readonly baseUrl: string;
  /** Headers that an access control requires, such as `x-api-key`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The longest time for one answer. */
  readonly answerSeconds: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** XML as plain data: names without their prefixes, attributes with `@`. */
export type XmlData = string | XmlData[] | { readonly [name: string]: XmlData | undefined };

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
});

/** Sends requests to a service over HTTP, and describes what is wrong with an answer in one sentence. */
export class ServiceClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** @param path below the base, or a URL from the service */
  async send(path: string, init: RequestInit = {}): Promise<Answer> {
    const { baseUrl, headers, answerSeconds } = this.#options;
    const url = new URL(path, baseUrl);
    try {
      const response = await fetch(url, {
        ...init,
        // Credentials are for the service only, not for a store whose URL it returns.
        headers: {
          ...(url.origin === new URL(baseUrl).origin ? headers : {}),
          ...Object.fromEntries(new Headers(init.headers)),
        },
        signal: AbortSignal.timeout(answerSeconds * 1000),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new SmokeFault(`${url} did not answer: ${why}`);
    }
  }

  /** @throws {SmokeFault} if the answer has another status */
  async ask(path: string, init: RequestInit = {}, expected = 200): Promise<Answer> {
    const answer = await this.send(path, init);
    if (answer.status === expected) return answer;
    const said = answer.text
      .replaceAll(/<[^>]*>|\s+/g, ' ')
      .trim()
      .slice(0, 300);
    throw new SmokeFault(
      `${init.method ?? 'GET'} ${path} answered HTTP ${answer.status}, expected ${expected}: ${said}`,
    );
  }

  async askXml(path: string, init: RequestInit = {}): Promise<XmlData> {
    const { text } = await this.ask(path, init);
    return parser.parse(text) as XmlData;
  }

  async askJson(path: string, init: RequestInit = {}, expected = 200): Promise<unknown> {
    const { text } = await this.ask(path, init, expected);
    try {
      return JSON.parse(text);
    } catch {
      throw new SmokeFault(`${path} answered what is not JSON: ${text.slice(0, 100)}`);
    }
  }
}

/** The element or member at a path of names in XML or JSON; of a list, the first item. */
export function memberAt(data: unknown, ...names: readonly string[]): unknown {
  let found: unknown = data;
  for (const name of names) {
    if (Array.isArray(found)) [found] = found;
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  return Array.isArray(found) ? found[0] : found;
}

/** The text of the element or member at a path of names. */
export function at(data: unknown, ...names: readonly string[]): string | undefined {
  let found = memberAt(data, ...names);
  if (typeof found === 'object' && found !== null) found = Reflect.get(found, '#text');
  return found === undefined ? undefined : String(found);
}

/** @throws {SmokeFault} if the value is not the expected one */
export function expectValue(what: string, found: string | undefined, expected: string): void {
  if (found === expected) return;
  throw new SmokeFault(
    `${what} is ${found === undefined ? 'missing' : `"${found}"`}; expected "${expected}"`,
  );
}
