/** Maximum number of characters of a program's output that are kept for the log. */
const keptCharacters = 64 * 1024;

/** Lines that show where a program was, but not why it ended. */
const noise = [
  // Frames of JavaScript, Java and native stacks; the position marks of Node.js and Python.
  /^\s*at\s/,
  /^\s*\d+:\s+0x[0-9a-f]+/i,
  /^\s*[\^~]+\s*$/,
  /^\s*File ".*", line \d+/,
  /^Node\.js v\d/,
  /^\s*\.\.\. \d+ more$/,
  /^-+.*-+$/,
];

/** The line of a traceback that names the error: `ValueError: ...`, `java.lang.Error: ...`. */
const errorLine =
  /^(?:Uncaught |Exception in thread "[^"]*" |Caused by: )?[\w.$]*(?:Error|Exception|Warning|Interrupt|Exit)\b.*$/;
const fatalLine = /^(?:FATAL ERROR|fatal|panic|Error in|terminate called)\b.*$/i;

/** What programs in various languages print when they run out of memory. */
const outOfMemoryLine =
  /\b(?:MemoryError|OutOfMemoryError|bad_alloc|Cannot allocate memory|(?:heap|JavaScript heap) out of memory|cannot allocate vector)\b/;

/** Collects the standard error of a program, to explain why it ended if it did not report an error itself. */
export class LastWords {
  #lines: string[] = [];
  #characters = 0;

  add(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length + 1;
    while (this.#characters > keptCharacters && this.#lines.length > 1) {
      this.#characters -= (this.#lines.shift()?.length ?? 0) + 1;
    }
  }

  /** The end of the output, for a log, including paths. */
  get text(): string {
    return this.#lines.join('\n');
  }

  /** Whether the output says that memory ran out. */
  get isOutOfMemory(): boolean {
    return this.#lines.some((line) => outOfMemoryLine.test(line));
  }

  /**
   * The one line that most likely gives the reason, for a user: without folders. Undefined if the output
   * contains nothing useful.
   */
  get reason(): string | undefined {
    const lines = this.#lines.filter((line) => !noise.some((pattern) => pattern.test(line)));
    const reason =
      lines.findLast((line) => fatalLine.test(line)) ??
      lines.findLast((line) => errorLine.test(line)) ??
      lines.findLast((line) => line.trim() !== '');
    return reason === undefined ? undefined : withoutFolders(reason.trim());
  }
}

/** Reduces paths to file names; web addresses stay as they are. */
function withoutFolders(text: string): string {
  return text.replaceAll(
    /(?<![\w:/.])(?:file:\/\/)?\/(?:[^\s/'"`:,;()<>[\]]+\/)+([^\s/'"`:,;()<>[\]]*)/g,
    '$1',
  );
}
