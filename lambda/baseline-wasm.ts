import { createRequire } from 'node:module';

/**
 * Limits WebAssembly to the code of V8's baseline compiler. Call it before the first module is loaded.
 *
 * V8 would otherwise compile hot code again on the cores that answer the first request. That costs about 25
 * ms of a start, for a schema validation that takes a fraction of a millisecond either way.
 */
export function useBaselineWasm(): void {
  // Not imported: few starts need it, and it brings streams of heap snapshots.
  const v8: typeof import('node:v8') = createRequire(import.meta.url)('node:v8');
  v8.setFlagsFromString('--liftoff-only');
  // Functions that are never called need not be validated: the module is one of this program's own files.
  v8.setFlagsFromString('--wasm-lazy-validation');
}
