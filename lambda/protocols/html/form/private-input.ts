import type { InputDescription } from '../../../../batch-jobs/api/process-description.ts';

/**
 * Whether an input holds addresses of people. They stand in no URL: servers log it, browsers keep it and people
 * share it.
 */
export function isForMail(input: InputDescription): boolean {
  return input.kind === 'literal' && (input.mail === 'recipients' || input.mail === 'parameters');
}
