import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, CommandResult } from '../../batch-jobs/runner/run-command.ts';

/** How a process's command ends when it is not stopped. */
export const behaviours = [
  'succeeds',
  'refuses',
  'breaks',
  'leavesNothing',
  'isKilled',
  'usesTooMuchMemory',
  'runsOn',
] as const;
export type Behaviour = (typeof behaviours)[number];

export interface CommandParts {
  readonly behaviour: Behaviour;
  /** Reports no progress. */
  readonly isSilent: boolean;
  /** The output that it writes. */
  readonly output: string;
  /** Called when the kernel kills it for its memory use. */
  readonly onOutOfMemory: () => void;
  /** A command that keeps running checks this on each turn, and ends when it is true. */
  readonly endsNow: (turn: number) => boolean | Promise<boolean>;
}

const ended = (result: Partial<CommandResult>): CommandResult => ({
  exitCode: undefined,
  signal: undefined,
  errorText: undefined,
  ...result,
});

/**
 * A process's command without a program: it takes a few turns, obeys SIGTERM, and ends as `Behaviour`
 * specifies.
 */
export async function simulatedCommand(
  { environment }: Command,
  onProgress: (percent: number, message: string) => void,
  signal: AbortSignal,
  { behaviour, isSilent, output, onOutOfMemory, endsNow }: CommandParts,
): Promise<CommandResult> {
  for (let turn = 0; behaviour === 'runsOn' ? !(await endsNow(turn)) : turn < 2; turn++) {
    if (!isSilent) onProgress(50, `turn ${turn}`);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return ended({ signal: 'SIGTERM' });
  }
  switch (behaviour) {
    case 'refuses':
      return ended({ exitCode: 65, errorText: 'There is no such layer.' });
    case 'breaks':
      return ended({ exitCode: 1, errorText: 'The server of the layer does not answer.' });
    case 'leavesNothing':
      return ended({ exitCode: 0 });
    case 'usesTooMuchMemory':
      onOutOfMemory();
      return ended({ signal: 'SIGKILL' });
    case 'isKilled':
    case 'runsOn':
      return ended({ signal: 'SIGKILL' });
    case 'succeeds':
      await writeFile(join(environment['WPS_OUTPUT_DIR'] ?? '', 'result'), output);
      return ended({ exitCode: 0 });
  }
}
