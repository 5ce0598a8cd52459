import type { ProcessDescription } from './api/process-description.ts';
import { describedProcesses } from './described-processes.ts';
import { echoInputs } from './echo-inputs/process.ts';
import { gogoduck } from './gogoduck/process.ts';

/**
 * Every process there is. Which of them an environment offers is said in its configuration.
 *
 * A folder with a `process.yaml` is one: `npm run build` reads these files into
 * `described-processes.ts`, so that a function's start reads none. A process that needs functions,
 * such as the choice of a queue, has a `process.ts` and an entry here.
 */
export const catalogue: readonly ProcessDescription[] = [
  gogoduck,
  ...describedProcesses,
  echoInputs,
];

/** The process of that identifier (case-sensitive), if there is one. */
export function findProcess(identifier: string): ProcessDescription | undefined {
  return catalogue.find((process) => process.identifier === identifier);
}
