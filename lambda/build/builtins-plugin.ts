import { createRequire } from 'node:module';
import type { Plugin } from 'rolldown';

/**
 * Modules of Node.js with properties that load more when they are read: all of `fetch`, of Web Crypto,
 * of streams of files.
 */
const costly = /^(?:node:)?(http|crypto|fs)$/;
const inBundle = '\0builtin:';

/**
 * These modules by `require`: an ES import of one reads all its properties, which adds some 5 to 10 ms
 * to a start. What those properties hold cannot be imported by name.
 */
export const builtinsPlugin: Plugin = {
  name: 'builtins',
  resolveId: {
    order: 'pre',
    filter: { id: costly },
    handler: (id, importer, { kind }) => {
      const name = id.replace('node:', '');
      // Some packages name such properties of the others.
      const isOfPackage = importer?.includes('node_modules') && name !== 'http';
      return kind === 'require-call' || isOfPackage ? null : `${inBundle}${name}`;
    },
  },
  load: {
    filter: { id: new RegExp(`^${inBundle}`) },
    handler: (id) => {
      const name = id.slice(inBundle.length);
      const builtin: object = createRequire(import.meta.url)(`node:${name}`);
      const properties = Object.entries(Object.getOwnPropertyDescriptors(builtin));
      const names = properties.flatMap(([property, { get }]) => (get ? [] : [property]));
      return `import { createRequire } from 'node:module';
const builtin = createRequire(import.meta.url)('node:${name}');
export default builtin;
export const { ${names.join(', ')} } = builtin;`;
    },
  },
};
