import type { ProcessDescription } from './api/process-description.ts';
import { echo } from './echo/process.ts';
import { echoInputs } from './echo-inputs/process.ts';
import { gogoduck } from './gogoduck/process.ts';

/**
 * Every process there is. Which of them an environment offers is said in its configuration.
 *
 * A new process is a folder beside `echo/` and an entry here.
 */
export const catalogue: readonly ProcessDescription[] = [gogoduck, echo, echoInputs];

/** The process of that identifier (case-sensitive), if there is one. */
export function findProcess(identifier: string): ProcessDescription | undefined {
  return catalogue.find((process) => process.identifier === identifier);
}
