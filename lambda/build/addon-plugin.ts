import { createRequire } from 'node:module';
import type { Plugin } from 'rolldown';

/**
 * Loads the compiled part of `fs-native-extensions` by its path in the package. The package's own search for
 * it loads five more packages, which takes 15 ms of every start.
 */
export const addonPlugin: Plugin = {
  name: 'addon',
  load: {
    filter: { id: /fs-native-extensions\/binding\.js$/ },
    handler: (path) => {
      const names = Object.keys(createRequire(import.meta.url)(path));
      return `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const prebuilds = '/prebuilds/' + process.platform + '-' + process.arch;
const folder = require.resolve('fs-native-extensions/package.json').replace(/[^/\\\\]*$/, '.');
export const { ${names.join(', ')} } = require(folder + prebuilds + '/fs-native-extensions.node');`;
    },
  },
};
