import { isBuiltin } from 'node:module';
import { parse } from 'es-module-lexer/js';
import type { Plugin } from 'rolldown';

/** A part of a chunk, and what stands there instead. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Modules of Node.js by `require`: an ES import of one reads all its properties, and some of them load
 * more when they are read: all of `fetch`, of Web Crypto, of streams of files, of worker threads. That
 * would add 10 to 50 ms to a start.
 */
export const builtinsPlugin: Plugin = {
  name: 'builtins',
  renderChunk(code, _, { format }) {
    const replacements: Replacement[] = [];
    let required = '';
    // The lexer finds the few imports; only these are parsed.
    for (const found of parse(code)[0]) {
      if (!('specifier' in found) || !isCostly(found.specifier)) continue;
      const { type, specifier: name, importStart: start, importEnd: end } = found;
      if (type === 'dynamic') {
        replacements.push({ start, end, text: `importBuiltin('${name}')` });
        continue;
      }
      const [statement] = this.parse(code.slice(start, end)).body;
      if (statement?.type !== 'ImportDeclaration') continue;
      replacements.push({ start, end, text: '' });
      const module = `requireBuiltin('${name}')`;
      for (const specifier of statement.specifiers) {
        const local = specifier.local.name;
        const imported =
          specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default';
        required +=
          imported === 'default'
            ? `const ${local} = ${module};\n`
            : `const { ${imported}: ${local} } = ${module};\n`;
      }
    }
    if (replacements.length === 0) return null;
    const rest = replaced(code, replacements);
    // Behind the directive `"use strict"`.
    if (format === 'cjs') return `${rest}\n${importBuiltin('require')}`;
    return `import { createRequire as requireFrom } from 'node:module';
const requireBuiltin = requireFrom(import.meta.url);
${importBuiltin('requireBuiltin')}
${required}${rest}`;
  },
};

/** The source of a function that is called instead of `import()`, which would load the loader of ES modules. */
function importBuiltin(require: string): string {
  return `async function importBuiltin(name) { return { __proto__: ${require}(name), default: ${require}(name) }; }`;
}

function isCostly(name: unknown): name is string {
  return typeof name === 'string' && isBuiltin(name) && name !== 'node:module';
}

function nameOf(imported: { name: string } | { value: string }): string {
  return 'name' in imported ? imported.name : imported.value;
}

function replaced(code: string, replacements: readonly Replacement[]): string {
  // From the last to the first, so that what is before stays where it is.
  return replacements
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, text: other }) => text.slice(0, start) + other + text.slice(end),
      code,
    );
}
