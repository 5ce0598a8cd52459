import { randomUUID } from 'node:crypto';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * A new job ID: 122 random bits. A caller that knows the ID can read the job's status and outputs and dismiss
 * it, so it must not be guessable.
 */
export function mintJobId(): string {
  return randomUUID();
}

/** Checked before an ID becomes part of a key, so that no other text ever does. */
export function isJobId(text: string): boolean {
  return uuid.test(text);
}
