import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { isJobId } from '../../batch-jobs/api/job-id.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import { type ObjectStore, PreconditionFailed } from '../../batch-jobs/api/object-store.ts';
import { refusedHost } from '../../batch-jobs/api/reference-hosts.ts';
import { type Due, dueIn, firstTry, isDue, nextTry } from '../../batch-jobs/api/tries.ts';
import type { CallbackKey, PublicKey } from './callback-key.ts';

/** What a client may be told of (OGC 18-062r2, clause 12, `subscriber.yaml`). */
export const callbackEvents = ['success', 'inProgress', 'failed'] as const;
export type CallbackEvent = (typeof callbackEvents)[number];

/**
 * Sends a POST.
 *
 * @returns the HTTP status of the answer; redirects are not followed
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
  /** Hosts that callbacks may go to; those that are no longer among them get none. */
  readonly hosts: readonly string[];
  /** The document that is sent, as JSON. */
  readonly encode: (job: Job, event: CallbackEvent) => Promise<string>;
  readonly now: () => Date;
  readonly log: Log;
}

const folder = 'callbacks/';

const uris = { success: 'successUri', inProgress: 'inProgressUri', failed: 'failedUri' } as const;

/**
 * Tells clients how their jobs get on, at the URIs that they subscribed with: at least once, so a receiver
 * takes the same `webhook-id` for the same callback. A callback is written down before its job leaves the
 * list of unfinished ones, and stays until a receiver has answered 2xx: `callbacks/<job>-<event>`.
 */
export class Callbacks {
  readonly #parts: CallbackParts;

  constructor(parts: CallbackParts) {
    this.#parts = parts;
  }

  /** What receivers check signatures with. */
  async publicKey(): Promise<PublicKey> {
    return (await this.#parts.key()).publicKey();
  }

  /** Writes down that the client is to be told where a job stands now, if it wants to be. */
  async note(job: Job): Promise<void> {
    const event = eventOf(job);
    if (!event || !job.subscriber?.[uris[event]]) return;
    try {
      await this.#write(keyOf(job.id, event), firstTry(this.#parts.now()), 'absent');
    } catch (error) {
      // It is written down already.
      if (!(error instanceof PreconditionFailed)) throw error;
    }
  }

  /** Sends the callbacks that are due for one job; those that fail are tried again when they are next due. */
  async tell(job: Pick<Job, 'id'>): Promise<void> {
    await this.#sendAll(`${folder}${job.id}-`);
  }

  /** Sends every callback whose time has come. */
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

  /** Whether nothing more is to be sent. */
  async #isReceived(job: Job, event: CallbackEvent, url: string, log: Log): Promise<boolean> {
    const { key, send, hosts, encode, now } = this.#parts;
    // What is still under way when the job has ended tells nothing any more.
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

/** A client that dismissed its job itself gets no message. */
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

/** Undefined of a file that was damaged: its name tells what is to be sent, so it is tried again from the first. */
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
