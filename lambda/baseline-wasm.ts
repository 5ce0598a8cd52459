import { setFlagsFromString } from 'node:v8';

/**
 * Limits WebAssembly to the code of V8's baseline compiler. Call it before the first module is loaded.
 *
 * V8 would otherwise compile hot code again on the cores that answer the first request. That costs about 25
 * ms of a start, for a schema validation that takes a fraction of a millisecond either way.
 */
export function useBaselineWasm(): void {
  setFlagsFromString('--liftoff-only');
}
