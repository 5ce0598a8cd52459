import type { Job } from '../../batch-jobs/api/job.ts';
import { sha256 } from '../../batch-jobs/api/sha256.ts';
import { ServiceFault } from '../service-fault.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExecuteCommand } from './execute-command.ts';

/** After this time, in milliseconds, the job of a request can no longer be on its way. */
const longestRequest = 60_000;

/** The result of claiming a command's key: the job that the key already belongs to, or the new claim. */
export type KeyClaim = { readonly first: Job } | { readonly release: () => Promise<void> };

/**
 * Claims a command's idempotency key for its job. A key belongs to its owner and identifies one request.
 *
 * @param jobId the id of the command's job if the command is the first
 * @throws {ServiceFault} `invalid-value` if another request used the key, `busy` while the first request with
 *   it is in progress
 */
export async function claimKey(
  { idempotencyKey, process, received }: ExecuteCommand,
  jobId: string,
  { store: open, caller, now }: Dependencies,
): Promise<KeyClaim> {
  if (idempotencyKey === undefined) return { release: async () => undefined };
  const hash = sha256(JSON.stringify([caller.owner ?? null, idempotencyKey]));
  const keyed = {
    jobId,
    fingerprint: sha256(process, '\n', received.body),
    claimedAt: now().toISOString(),
  };
  const store = await open();
  const release = () => store.idempotencyKeys.release(hash);
  if (await store.idempotencyKeys.claim(hash, keyed)) return { release };
  const found = await store.idempotencyKeys.find(hash);
  if (found && found.keyed.fingerprint !== keyed.fingerprint) {
    throw new ServiceFault(
      'invalid-value',
      'Header Idempotency-Key was sent with another request before; allowed: a new key for each request.',
      { subject: 'Idempotency-Key' },
    );
  }
  const first = found && (await store.read(found.keyed.jobId));
  if (first) return { first: first.job };
  const isLeft = found && now().getTime() - Date.parse(found.keyed.claimedAt) > longestRequest;
  if (isLeft && (await store.idempotencyKeys.claim(hash, keyed, found))) return { release };
  throw new ServiceFault(
    'busy',
    'A request with the same Idempotency-Key is under way. Please send it again in a moment.',
    { subject: 'Idempotency-Key', retryAfterSeconds: 2 },
  );
}
