import type { Namespaces } from './namespaces.ts';
import { OwsException } from './ows-exception.ts';
import { readMarkup, type WrittenAttribute } from './xml-markup.ts';

/**
 * Limits for one request. Each was chosen so that the worst request of its shape takes about 0.3 s of
 * processor time in total (decision 003).
 */
export const heaviest = {
  /**
   * Elements, attributes, texts, comments and processing instructions. Slower nodes count more than once:
   * names in a namespace with a long name, which is read each time, and data that receives copies of the
   * declarations around it.
   */
  nodes: 250_000,
  /** Attributes of one element: finding one reads all of them. */
  attributes: 500,
  /** Namespaces declared at one place: looking up a prefix reads all of them. */
  namespaces: 200,
  /**
   * Siblings that the schema validator may have to count. To report the place of a fault, it counts the
   * siblings of the node and of all its ancestors. Reporting one fault takes as long as counting 1,500
   * siblings.
   */
  siblingsCounted: 30_000_000,
} as const;

/** What the schema can find at fault, by the namespace of an element or attribute. */
const declared = 1;
const link = 2;
const schemaInstance = 4;
/** A name that contains references may be in any namespace. */
const unknown = declared | link | schemaInstance;

/** Comparing this many characters of a namespace's name takes as long as handling a node. */
const charactersPerNode = 256;

/** Counting this many siblings takes as long as the rest of the work on a fault. */
const siblingsPerFault = 1_500;

/** Copying one namespace declaration into data takes as long as handling this many nodes. */
const nodesPerCopy = 6;

interface Binding {
  readonly meaning: number;
  /** Number of nodes that a name in this namespace counts as, in addition to its own. */
  readonly weight: number;
}
const unbound: Binding = { meaning: 0, weight: 0 };

interface Open {
  readonly attributes: number;
  readonly isDeclared: boolean;
  /** Faults of the element and its attributes. */
  readonly faults: number;
  /** Prefixes that it declares, with their previous bindings. */
  readonly before: readonly (readonly [string, Binding | undefined])[];
  children: number;
  faultsBelow: number;
  costBelow: number;
}

/**
 * Refuses a document that would take too long to parse, validate and decode, before any of these steps
 * begins.
 *
 * @throws {OwsException} HTTP 413, or 400 if it has a document type declaration
 */
export function weighXml(body: Uint8Array, namespaces: Namespaces): void {
  readMarkup(textOf(body), new Scales(namespaces));
}

/**
 * Markup is ASCII, so one character per byte is enough; UTF-16 needs one per code unit. XML in no other encoding
 * begins with bytes such as these.
 */
function textOf(body: Uint8Array): string {
  const [first, second] = body;
  if (first === 0xff || second === 0) {
    return new TextDecoder('utf-16le').decode(body);
  }
  if (first === 0xfe || first === 0) {
    return new TextDecoder('utf-16be').decode(body);
  }
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
}

class Scales {
  readonly #meanings: ReadonlyMap<string, number>;
  readonly #longestKnown: number;
  readonly #bindings = new Map<string, Binding>([['xml', { meaning: link, weight: 0 }]]);
  readonly #open: Open[] = [];
  #nodes = 0;

  constructor({ wps, ows, xlink, xsi, xml }: Namespaces) {
    this.#meanings = new Map([
      [wps, declared],
      [ows, declared],
      [xlink, link],
      [xml, link],
      [xsi, schemaInstance],
    ]);
    this.#longestKnown = Math.max(...[...this.#meanings.keys()].map((uri) => uri.length));
  }

  start(name: string, written: readonly WrittenAttribute[]): void {
    if (written.length > heaviest.attributes) {
      throw tooHeavy(`an element with ${written.length} attributes`, heaviest.attributes);
    }
    const before = this.#declare(written);
    const element = this.#bindingOf(name);
    let weight = 1 + element.weight;
    let links = 0;
    let hasType = false;
    for (const attribute of written) {
      const binding = attribute.name.includes(':') ? this.#bindingOf(attribute.name) : unbound;
      weight += 1 + binding.weight;
      if (binding.meaning & link) links++;
      if (binding.meaning & schemaInstance && attribute.name.endsWith(':type')) hasType = true;
    }
    const isDeclared = (element.meaning & declared) !== 0;
    const isData = !isDeclared && this.#open.at(-1)?.isDeclared;
    if (isData) weight += nodesPerCopy * this.#bindings.size;
    this.#count(weight);
    const attributes = written.length;
    const faults = isDeclared || hasType ? 1 + attributes : links;
    this.#open.push({
      attributes,
      isDeclared,
      faults,
      before,
      children: 0,
      faultsBelow: 0,
      costBelow: 0,
    });
  }

  end(): void {
    const element = this.#open.pop();
    if (!element) return;
    for (const [prefix, binding] of element.before) {
      if (binding) this.#bindings.set(prefix, binding);
      else this.#bindings.delete(prefix);
    }
    const { attributes, faults, children, faultsBelow } = element;
    const cost =
      element.costBelow + faults * (siblingsPerFault + attributes) + children * faultsBelow;
    if (cost > heaviest.siblingsCounted) {
      throw tooHeavy('elements of WPS beside so many others', 'fewer, to be checked in time');
    }
    const parent = this.#open.at(-1);
    if (!parent) return;
    parent.children++;
    parent.faultsBelow += faults + faultsBelow;
    parent.costBelow += cost;
  }

  text(): void {
    this.other();
    const parent = this.#open.at(-1);
    if (!parent?.isDeclared) return;
    parent.faultsBelow++;
    parent.costBelow += siblingsPerFault;
  }

  other(): void {
    this.#count(1);
    const parent = this.#open.at(-1);
    if (parent) parent.children++;
  }

  documentType(): void {
    throw new OwsException(
      'NoApplicableCode',
      'The request has a document type declaration; requests have none.',
      { httpStatus: 400 },
    );
  }

  #count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes > heaviest.nodes) {
      throw tooHeavy('more elements, attributes and texts', heaviest.nodes);
    }
  }

  #declare(written: readonly WrittenAttribute[]): Open['before'] {
    const before: [string, Binding | undefined][] = [];
    for (const { name, value } of written) {
      if (!name.startsWith('xmlns')) continue;
      // Empty for the default namespace.
      const prefix = name.slice('xmlns:'.length);
      before.push([prefix, this.#bindings.get(prefix)]);
      this.#bindings.set(prefix, this.#bindingTo(value));
    }
    if (this.#bindings.size > heaviest.namespaces) {
      throw tooHeavy(`${this.#bindings.size} namespaces at one place`, heaviest.namespaces);
    }
    return before;
  }

  #bindingTo(uri: string): Binding {
    const weight = Math.floor(uri.length / charactersPerNode);
    if (uri.includes('&')) return { meaning: unknown, weight };
    const known = uri.length <= this.#longestKnown ? this.#meanings.get(uri) : undefined;
    return { meaning: known ?? 0, weight };
  }

  #bindingOf(name: string): Binding {
    const colon = name.indexOf(':');
    return this.#bindings.get(colon === -1 ? '' : name.slice(0, colon)) ?? unbound;
  }
}

function tooHeavy(found: string, allowed: number | string): OwsException {
  return new OwsException(
    'FileSizeExceeded',
    `The request has ${found}; allowed: ${allowed}. Large data can be given as text (CDATA) or by reference.`,
    { httpStatus: 413 },
  );
}
