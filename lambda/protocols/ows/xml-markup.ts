/** An attribute as written; its value is not decoded. */
export interface WrittenAttribute {
  readonly name: string;
  readonly value: string;
}

/** Receives a document's markup, in order. */
export interface MarkupListener {
  /** @param name the name as written, with its prefix */
  start(name: string, attributes: readonly WrittenAttribute[]): void;
  end(): void;
  /** Text, or a CDATA section. */
  text(): void;
  /** White space, a comment or a processing instruction. */
  other(): void;
  /** Nothing after it is reported. */
  documentType(): void;
}

/** No parser of ours reads elements below this depth; libxml2 stops there. */
const deepest = 256;

const whiteSpace = /[ \t\r\n]*/y;
const nameCharacters = /[^ \t\r\n/>=<]*/y;

/**
 * Reads the markup of an XML document without building anything, so that the document's weight is known
 * before a parser, whose time and memory grow with it, reads it. Validates nothing. Up to the first place
 * where the document is not well-formed, it reports everything that a parser would find; after that it may
 * report more.
 *
 * Source: XML 1.0, clauses 2.4 to 2.8 and 3.1.
 */
export function readMarkup(text: string, listener: MarkupListener): void {
  let depth = 0;
  let at = 0;
  for (;;) {
    const tag = text.indexOf('<', at);
    if (tag === -1) return;
    if (tag > at) {
      if (endOf(whiteSpace, text, at) < tag) listener.text();
      else listener.other();
    }
    const skipped = afterSection(text, tag);
    if (skipped !== undefined) {
      if (text.startsWith('<![', tag)) listener.text();
      else listener.other();
      at = skipped;
    } else if (text.startsWith('<!', tag)) {
      listener.documentType();
      return;
    } else if (text.charCodeAt(tag + 1) === 0x2f) {
      listener.end();
      depth--;
      at = after(text, '>', tag);
    } else {
      const start = readStart(text, tag + 1);
      listener.start(start.name, start.attributes);
      if (start.isEmpty) listener.end();
      else if (++depth > deepest) return;
      at = start.next;
    }
  }
}

/** The end of a comment, CDATA section or processing instruction; undefined if none begins here. */
function afterSection(text: string, at: number): number | undefined {
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
  if (text.startsWith('<![CDATA[', at)) return after(text, ']]>', at + 9);
  if (text.startsWith('<?', at)) return after(text, '?>', at + 2);
  return undefined;
}

function after(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found === -1 ? text.length : found + end.length;
}

interface StartTag {
  readonly name: string;
  readonly attributes: readonly WrittenAttribute[];
  readonly isEmpty: boolean;
  readonly next: number;
}

function readStart(text: string, from: number): StartTag {
  let at = endOf(nameCharacters, text, from);
  const name = text.slice(from, at);
  const attributes: WrittenAttribute[] = [];
  for (;;) {
    at = endOf(whiteSpace, text, at);
    const character = text[at];
    if (character === '>') return { name, attributes, isEmpty: false, next: at + 1 };
    if (character === '/' && text[at + 1] === '>')
      return { name, attributes, isEmpty: true, next: at + 2 };
    // The end of the text, or the next tag: the parser reports markup that is not well-formed.
    if (character === undefined || character === '<')
      return { name, attributes, isEmpty: false, next: at };
    const end = endOf(nameCharacters, text, at);
    const value = readValue(text, end);
    if (value) attributes.push({ name: text.slice(at, end), value: value.text });
    at = value?.next ?? Math.max(end, at + 1);
  }
}

function readValue(text: string, from: number): { text: string; next: number } | undefined {
  const equals = endOf(whiteSpace, text, from);
  if (text[equals] !== '=') return undefined;
  const at = endOf(whiteSpace, text, equals + 1);
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return { text: '', next: at };
  const next = after(text, quote, at + 1);
  return { text: text.slice(at + 1, next - 1), next };
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}
