import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of buffers that may be made before those that are garbage are given back. */
const mostUncollected = 32 * 1024 * 1024;

let collect: (() => void) | undefined;
let made = 0;

/**
 * Counts the bytes of a large buffer that was made, and collects garbage when they are many. V8 by
 * itself lets hundreds of megabytes of dead buffers stand before it looks, and a job's memory is bounded.
 */
export function countLargeBuffer(bytes: number): void {
  made += bytes;
  if (made >= mostUncollected) collectGarbage();
}

/** Gives back the memory of large buffers that are no longer used. */
export function collectGarbage(): void {
  made = 0;
  collect ??= collector();
  collect();
}

/** What `node --expose-gc` has as `gc`. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
