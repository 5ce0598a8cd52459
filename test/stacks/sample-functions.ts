import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes samples of built functions: entry points, the chunks they import, a file that one of these reads,
 * and a chunk that only something else imports.
 *
 * @param code makes this version differ from others
 */
export function writeSampleFunctions(distFolder: string, code = 'one'): string {
  const files = {
    'lambda/handler.js':
      "import{shared as s}from'../chunks/shared-A.js';export const handler=async()=>(await import('../chunks/late-B.js')).late(s);",
    'lambda/job-events.js':
      "import{shared as s}from'../chunks/shared-A.js';export const handler=async()=>s;",
    'lambda/canary.js': 'export const handler=async()=>undefined;',
    'lambda/local.js': "import'../chunks/local-C.js';",
    'chunks/shared-A.js': `import{createHash}from'node:crypto';export const shared=${JSON.stringify(code)};`,
    'chunks/late-B.js':
      'export const late=s=>({statusCode:200,body:s});const w=()=>read(new URL("./late.wasm",import.meta.url));',
    'chunks/late.wasm': '\0asm',
    'chunks/local-C.js': 'console.log();',
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(distFolder, file, '..'), { recursive: true });
    writeFileSync(join(distFolder, file), content);
  }
  return distFolder;
}
