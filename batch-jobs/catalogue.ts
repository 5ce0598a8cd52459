import type { ProcessDescription } from './api/process-description.ts';
import { describedProcesses } from './described-processes.ts';
import { echoInputs } from './echo-inputs/process.ts';
import { gogoduck } from './gogoduck/process.ts';

/**
 * All processes. The configuration of an environment says which of them it offers.
 *
 * A folder with a `process.yaml` is a process: `npm run build` reads these files into
 * `described-processes.ts`, so that a function does not read them at its start. A process that needs
 * functions, such as the choice of a queue, has a `process.ts` and an entry here.
 */
export const catalogue: readonly ProcessDescription[] = [
  gogoduck,
  ...describedProcesses,
  echoInputs,
];

/** The process with this identifier (case-sensitive), if it exists. */
export function findProcess(identifier: string): ProcessDescription | undefined {
  return catalogue.find((process) => process.identifier === identifier);
}
