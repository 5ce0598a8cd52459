import type { JobDesk, LogLine } from './job-desk.ts';
import { hasEnded } from './job-desk.ts';

export interface Following {
  readonly print: (line: LogLine) => void;
  /** Between two looks. */
  readonly pause: () => Promise<void>;
}

/** Prints what a job has logged and what it goes on to log, until it has ended. */
export async function followLog(
  jobs: Pick<JobDesk, 'log' | 'show'>,
  id: string,
  { print, pause }: Following,
): Promise<void> {
  const printed = new Set<string>();
  for (;;) {
    // Asked before the log is read: what was logged until the end is in it.
    const isOver = hasEnded(await jobs.show(id));
    for (const line of await jobs.log(id)) {
      if (printed.has(line.id)) continue;
      printed.add(line.id);
      print(line);
    }
    if (isOver) return;
    await pause();
  }
}
