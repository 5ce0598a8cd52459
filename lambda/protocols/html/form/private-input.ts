import type { InputDescription } from '../../../../batch-jobs/api/process-description.ts';

/**
 * Whether an input contains addresses of people. They must not be in a URL, which servers log, browsers store
 * and people share.
 */
export function isForMail(input: InputDescription): boolean {
  return input.kind === 'literal' && (input.mail === 'recipients' || input.mail === 'parameters');
}
