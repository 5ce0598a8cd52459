import type { JobDesk, LogLine } from './job-desk.ts';
import { hasEnded } from './job-desk.ts';

export interface Following {
  readonly print: (line: LogLine) => void;
  /** The pause between two reads. */
  readonly pause: () => Promise<void>;
}

/** Prints the log of a job and its new lines, until the job ends. */
export async function followLog(
  jobs: Pick<JobDesk, 'log' | 'show'>,
  id: string,
  { print, pause }: Following,
): Promise<void> {
  const printed = new Set<string>();
  for (;;) {
    // The state is read before the log, so that the log is complete once the job has ended.
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
