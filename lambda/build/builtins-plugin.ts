import { isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';
import { Visitor } from 'rolldown/utils';

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
  renderChunk(code) {
    const replacements: Replacement[] = [];
    let required = '';
    new Visitor({
      ImportDeclaration: ({ start, end, source, specifiers }) => {
        if (!isCostly(source.value)) return;
        replacements.push({ start, end, text: '' });
        const module = `requireBuiltin('${source.value}')`;
        for (const specifier of specifiers) {
          const local = specifier.local.name;
          const imported =
            specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default';
          required +=
            imported === 'default'
              ? `const ${local} = ${module};\n`
              : `const { ${imported}: ${local} } = ${module};\n`;
        }
      },
      ImportExpression: ({ start, end, source }) => {
        if (source.type !== 'Literal' || !isCostly(source.value)) return;
        replacements.push({ start, end, text: `importBuiltin('${source.value}')` });
      },
    }).visit(this.parse(code));
    if (replacements.length === 0) return null;
    return `import { createRequire as requireFrom } from 'node:module';
const requireBuiltin = requireFrom(import.meta.url);
const importBuiltin = async (name) => ({ __proto__: requireBuiltin(name), default: requireBuiltin(name) });
${required}${replaced(code, replacements)}`;
  },
};

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
