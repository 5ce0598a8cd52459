import type { Behaviour } from './command.ts';
import type { endings } from './simulated-batch.ts';

/** What may happen to a job. */
export type Happening = Behaviour | keyof typeof endings | 'lost' | 'unanswered' | 'cannotReport';

/** Words that a user may read about a failed job only if the event happened to it. */
const words: Readonly<Partial<Record<Happening, RegExp>>> = {
  lost: /machine .* was taken away/,
  reclaimed: /machine .* was taken away/,
  timedOut: /took longer than it may/,
  terminated: /was ended by the provider/,
  usesTooMuchMemory: /needed more memory|\(exit code 71\); the reason was lost/,
  refuses: /^There is no such layer\.$|\(exit code 65\); the reason was lost/,
  breaks: /^The server of the layer does not answer\.$/,
  isKilled: /was ended by SIGKILL without saying why/,
  unanswered: /^The job failed for a reason inside the service\.$/,
  cannotReport: /^The job ended before it could say why \(exit code 1\)\.$/,
  leavesNothing: /without leaving its output "result"/,
};

/** Words that are allowed for a job that no runner has worked on. */
const ofUnclaimed =
  /could not be submitted|Too many jobs|was lost before it could run|could not answer in time/;

/** Whether the text about a failed job is true. */
export function isTrue(
  text: string,
  happenings: ReadonlySet<Happening>,
  isClaimed: boolean,
): boolean {
  if (!isClaimed && ofUnclaimed.test(text)) return true;
  return [...happenings].some((happening) => words[happening]?.test(text));
}
