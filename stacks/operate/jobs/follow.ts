import type { JobDesk, JobView, LogLine } from './job-desk.ts';
import { hasEnded } from './job-desk.ts';

export interface Following {
  readonly print: (line: LogLine) => void;
  /** Says the state of the job whenever it changes, and at the end. */
  readonly tell: (text: string) => void;
  /** The pause between two reads. */
  readonly pause: () => Promise<void>;
}

/** Prints the log of a job and its new lines, until the job ends. */
export async function followLog(
  jobs: Pick<JobDesk, 'log' | 'show'>,
  id: string,
  { print, tell, pause }: Following,
): Promise<void> {
  const printed = new Set<string>();
  let told: string | undefined;
  for (;;) {
    // The state is read before the log, so that the log is complete once the job has ended.
    const job = await jobs.show(id);
    const state = stateText(job);
    if (state !== told && !hasEnded(job)) tell(state);
    told = state;
    for (const line of await jobs.log(id)) {
      if (printed.has(line.id)) continue;
      printed.add(line.id);
      print(line);
    }
    if (hasEnded(job)) {
      tell(printed.size === 0 ? `${state} It has logged nothing.` : state);
      return;
    }
    await pause();
  }
}

/** The state of a job in one sentence. */
export function stateText({ jobID, status, message }: JobView): string {
  return `Job ${jobID} is ${status}: ${message}`;
}
