import http from 'node:http';
import type { Plugin } from 'rolldown';

/**
 * `node:http` by `require`. An ES import of it reads everything that it has, and what is only loaded
 * when it is read is the whole of `fetch` and its web sockets.
 */
export const httpPlugin: Plugin = {
  name: 'http-without-fetch',
  resolveId: {
    order: 'pre',
    filter: { id: /^(node:)?http$/ },
    handler: (_id, _importer, { kind }) => (kind === 'require-call' ? null : module),
  },
  load: {
    filter: { id: /^\0http-without-fetch$/ },
    handler: () => {
      const properties = Object.entries(Object.getOwnPropertyDescriptors(http));
      const names = properties.flatMap(([name, { get }]) => (get ? [] : [name]));
      return `import { createRequire } from 'node:module';
const http = createRequire(import.meta.url)('node:http');
export default http;
export const { ${names.join(', ')} } = http;`;
    },
  },
};

const module = '\0http-without-fetch';
