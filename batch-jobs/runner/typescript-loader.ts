import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The option with which Node.js 22.6 and newer runs TypeScript. Older versions refuse to start with it. */
const stripTypes = '--experimental-strip-types';

/** First version of Node.js with this option: https://nodejs.org/api/cli.html#--experimental-strip-types */
const firstMajor = 22;
const firstMinor = 6;

interface OwnNode {
  readonly version?: string;
  readonly resolve?: (module: string) => string;
}

/**
 * Changes the arguments of a `node` command that runs TypeScript if this Node.js does not support it: the
 * project's own loader replaces the option. Images have a newer Node.js; a machine on which someone tries a
 * process may have 20.
 *
 * @param own.version of the Node.js that runs the program
 * @param own.resolve finds the file of a module
 * @returns the unchanged arguments if no change is needed, or there is no loader
 */
export function withTypeScriptLoader(
  program: string,
  args: readonly string[],
  {
    version = process.versions.node,
    resolve = createRequire(import.meta.url).resolve,
  }: OwnNode = {},
): readonly string[] {
  if (program !== 'node' || !args.includes(stripTypes) || readsTypeScript(version)) return args;
  const loader = loaderOfProject(resolve);
  if (loader === undefined) return args;
  return args.flatMap((arg) => (arg === stripTypes ? ['--import', loader] : [arg]));
}

function readsTypeScript(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}

/** URL of the loader; undefined in an image, which has no development packages. */
function loaderOfProject(resolve: (module: string) => string): string | undefined {
  try {
    return pathToFileURL(resolve('tsx')).href;
  } catch {
    return undefined;
  }
}
