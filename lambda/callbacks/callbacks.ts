import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { isJobId } from '../../batch-jobs/api/job-id.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import { type ObjectStore, PreconditionFailed } from '../../batch-jobs/api/object-store.ts';
import { refusedHost } from '../../batch-jobs/api/reference-hosts.ts';
import { type Due, dueIn, firstTry, isDue, nextTry } from '../../batch-jobs/api/tries.ts';
import type { CallbackKey, PublicKey } from './callback-key.ts';

/** The events that a client may subscribe to (OGC 18-062r2, clause 12, `subscriber.yaml`). */
export const callbackEvents = ['success', 'inProgress', 'failed'] as const;
export type CallbackEvent = (typeof callbackEvents)[number];

/**
 * Sends a POST.
 *
 * @returns the HTTP status of the response; redirects are not followed
 */
export type SendCallback = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<number>;

export interface CallbackParts {
  readonly objects: ObjectStore;
  readonly store: JobStore;
  readonly key: () => Promise<CallbackKey>;
  readonly send: SendCallback;
  /** Hosts that callbacks may go to; a host that is removed from the list receives no more. */
  readonly hosts: readonly string[];
  /** The JSON document to send. */
  readonly encode: (job: Job, event: CallbackEvent) => Promise<string>;
  readonly now: () => Date;
  readonly log: Log;
}

const folder = 'callbacks/';

const uris = { success: 'successUri', inProgress: 'inProgressUri', failed: 'failedUri' } as const;

/**
 * Notifies clients of their jobs' progress, at the URIs that they subscribed with. Delivery is at least once;
 * each attempt of a callback has the same `webhook-id`. A callback is stored as `callbacks/<job>-<event>`
 * before its job leaves the list of unfinished jobs, and stays there until a receiver has answered 2xx.
 */
export class Callbacks {
  readonly #parts: CallbackParts;

  constructor(parts: CallbackParts) {
    this.#parts = parts;
  }

  /** The key with which receivers verify signatures. */
  async publicKey(): Promise<PublicKey> {
    return (await this.#parts.key()).publicKey();
  }

  /** Records that the client must be notified of a job's current status, if it subscribed to that. */
  async note(job: Job): Promise<void> {
    const event = eventOf(job);
    if (!event || !job.subscriber?.[uris[event]]) return;
    try {
      await this.#write(keyOf(job.id, event), firstTry(this.#parts.now()), 'absent');
    } catch (error) {
      // The callback is already recorded.
      if (!(error instanceof PreconditionFailed)) throw error;
    }
  }

  /** Sends the callbacks that are due for one job; those that fail are retried when they are next due. */
  async tell(job: Pick<Job, 'id'>): Promise<void> {
    await this.#sendAll(`${folder}${job.id}-`);
  }

  /** Sends every callback that is due. */
  async tellDue(): Promise<void> {
    await this.#sendAll(folder);
  }

  async #sendAll(prefix: string): Promise<void> {
    const { objects, log } = this.#parts;
    for await (const key of objects.list(prefix)) {
      const { id, event } = placeOf(key);
      if (!event) continue;
      const own = log.with({ jobId: id });
      await this.#sendOne(key, id, event, own).catch((error) =>
        own.error('a callback was not looked at', { event }, error),
      );
    }
  }

  async #sendOne(key: string, id: string, event: CallbackEvent, log: Log): Promise<void> {
    const { objects, store, now } = this.#parts;
    const found = await objects.get(key);
    if (!found) return;
    const due = readDue(found.body) ?? firstTry(now());
    if (!isDue(due, now())) return;
    const job = (await store.read(id))?.job;
    const url = job?.subscriber?.[uris[event]];
    if (!job || url === undefined) return await objects.delete(key);
    if (await this.#isReceived(job, event, url, log)) {
      log.info('the client was told', { event, tries: due.tries + 1 });
      return await objects.delete(key);
    }
    const next = nextTry(due, now());
    if (!next) {
      log.error('the client could not be told', { event, tries: due.tries + 1 });
      return await objects.delete(key);
    }
    await this.#write(key, next);
  }

  /** Whether nothing remains to be sent. */
  async #isReceived(job: Job, event: CallbackEvent, url: string, log: Log): Promise<boolean> {
    const { key, send, hosts, encode, now } = this.#parts;
    // Once the job has ended, news of its progress is out of date.
    if (event === 'inProgress' && isFinal(job.status)) return true;
    if (refusedHost(url, hosts) !== undefined) {
      log.warn('a callback goes to a host that is not allowed any more', { event });
      return true;
    }
    try {
      const body = await encode(job, event);
      const signature = (await key()).sign(`${job.id}-${event}`, body, now());
      const headers = { 'content-type': 'application/json', ...signature };
      const status = await send(url, headers, body);
      if (status >= 200 && status < 300) return true;
      log.warn('a callback was not received', { event, status });
    } catch (error) {
      log.warn('a callback was not sent', { event, reason: String(error) });
    }
    return false;
  }

  async #write(key: string, due: Due, condition?: 'absent'): Promise<void> {
    await this.#parts.objects.put(key, JSON.stringify(due), {
      contentType: 'application/json',
      ...(condition ? { condition } : {}),
    });
  }
}

/** A client that dismissed its own job gets no notification. */
function eventOf({ status }: Job): CallbackEvent | undefined {
  switch (status) {
    case 'succeeded':
      return 'success';
    case 'failed':
      return 'failed';
    case 'running':
      return 'inProgress';
    default:
      return undefined;
  }
}

/**
 * Undefined if the file is damaged: its name says what to send, so the callback starts over with its first
 * attempt.
 */
function readDue(body: Uint8Array): Due | undefined {
  try {
    return dueIn(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return undefined;
  }
}

function keyOf(id: string, event: CallbackEvent): string {
  return `${folder}${id}-${event}`;
}

function placeOf(key: string): { readonly id: string; readonly event?: CallbackEvent } {
  const name = key.slice(folder.length);
  const id = name.slice(0, 36);
  const event = callbackEvents.find((known) => name === `${id}-${known}`);
  return { id, ...(event && isJobId(id) ? { event } : {}) };
}
