import { createRequire } from 'node:module';
import type { Plugin } from 'rolldown';

/**
 * Node.js modules with properties that load more code when read: all of `fetch`, of Web Crypto, of file
 * streams.
 */
const costly = /^(?:node:)?(http|crypto|fs)$/;
const inBundle = '\0builtin:';

/**
 * Loads these modules with `require`: an ES import reads all properties of a module, which adds about 5 to 10
 * ms to a start. The lazy properties cannot be imported by name.
 */
export const builtinsPlugin: Plugin = {
  name: 'builtins',
  resolveId: {
    order: 'pre',
    filter: { id: costly },
    handler: (id, importer, { kind }) => {
      const name = id.replace('node:', '');
      // Some packages import such properties of the other modules by name.
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
