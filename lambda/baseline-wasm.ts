import { setFlagsFromString } from 'node:v8';

/**
 * Keeps WebAssembly at what V8's baseline compiler makes of it; call it before the first module is
 * loaded.
 *
 * V8 would compile again what runs often, on the cores that answer the first request: some 25 ms of
 * a start, for a schema validation that takes a fraction of a millisecond either way.
 */
export function useBaselineWasm(): void {
  setFlagsFromString('--liftoff-only');
}
