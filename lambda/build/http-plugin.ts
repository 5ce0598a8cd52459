import http from 'node:http';
import type { Plugin } from 'esbuild';

/**
 * `node:http` by `require`. An ES import of it reads everything that it has, and what is only loaded
 * when it is read is the whole of `fetch` and its web sockets.
 */
export const httpPlugin: Plugin = {
  name: 'http-without-fetch',
  setup({ onResolve, onLoad }) {
    const namespace = 'node-http';
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'require-call' ? undefined : { path: 'node:http', namespace },
    );
    onLoad({ filter: /.*/, namespace }, () => {
      const properties = Object.entries(Object.getOwnPropertyDescriptors(http));
      const names = properties.flatMap(([name, { get }]) => (get ? [] : [name]));
      return {
        contents: `const http = require('node:http');
export default http;
export const { ${names.join(', ')} } = http;`,
      };
    });
  },
};
