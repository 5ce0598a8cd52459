import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of buffers that may be created before unused ones are collected. */
const mostUncollected = 32 * 1024 * 1024;

let collect: (() => void) | undefined;
let made = 0;

/**
 * Counts the bytes of a new large buffer, and collects garbage once there are many. On its own, V8 lets
 * hundreds of megabytes of unused buffers accumulate, and a job's memory is limited.
 */
export function countLargeBuffer(bytes: number): void {
  made += bytes;
  if (made >= mostUncollected) collectGarbage();
}

/** Frees the memory of large buffers that are no longer used. */
export function collectGarbage(): void {
  made = 0;
  collect ??= collector();
  collect();
}

/** The function that `node --expose-gc` provides as `gc`. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
