import { isFinal, type Job, type JobInput } from '../../batch-jobs/api/job.ts';
import { isJobId } from '../../batch-jobs/api/job-id.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import { type ObjectStore, PreconditionFailed } from '../../batch-jobs/api/object-store.ts';
import { sha256 } from '../../batch-jobs/api/sha256.ts';
import { type Due, dueIn, firstTry, isDue, nextTry } from '../../batch-jobs/api/tries.ts';
import { type Mail, type MailEvent, type MailOutcome, mailEvents, type SendMail } from './mail.ts';

export interface JobMailParts {
  readonly objects: ObjectStore;
  readonly store: JobStore;
  readonly send: SendMail;
  readonly encode: (
    job: Job,
    event: MailEvent,
    inputs: readonly JobInput[],
  ) => Promise<Omit<Mail, 'to'>>;
  /** Domains that mail may go to: `example.org`, `*.example.org` for all below it, `*` for any. */
  readonly domains: readonly string[];
  /** The most mails per recipient and day (UTC); further mails are not sent. */
  readonly perRecipientAndDay: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** The stored form of a mail to be sent; removed when nothing remains to be done. */
interface DueMail extends Due {
  readonly to: string;
}

/**
 * The state of a mail that is being sent, or was sent. Contains no address, and exists as long as its job.
 */
interface Marker {
  readonly state: 'sending' | 'failed' | 'done';
  readonly at: string;
}

/** No sending takes this long, in milliseconds: one that began earlier ended without a report. */
const longestSending = 60 * 60_000;

const recipientsFolder = 'mail/to/';
const dueFolder = 'mail/due/';
const daysFolder = 'mail/days/';

/**
 * Sends e-mail when a job is accepted and when it ends: at most once each, even if code runs twice. A mail's
 * marker is claimed before the mail is handed over; a mail is retried only if it certainly was not accepted.
 * Addresses are stored separately from the job, and no longer than needed:
 *
 * - `mail/to/<job>` has the recipients until the job has ended
 * - `mail/due/<job>-<event>-<recipient>` is a mail to be sent
 * - `mail/days/<day>/<hash of recipient>/<job>-<event>` counts a recipient's mails per day
 * - `jobs/<job>/mail-<event>-<recipient>` is the marker
 */
export class JobMail {
  /** See {@link JobMailParts.domains}. */
  readonly domains: readonly string[];
  readonly #parts: JobMailParts;

  constructor(parts: JobMailParts) {
    this.domains = parts.domains;
    this.#parts = parts;
  }

  /** Stores the recipients of a stored job, and records that mail to them is due. */
  async keep({ id }: Pick<Job, 'id'>, recipients: readonly string[]): Promise<void> {
    await this.#put(`${recipientsFolder}${id}`, recipients);
    await this.#noteAll(id, 'accepted', recipients);
  }

  /** Forgets the recipients of a job that was not started; its client learned that at once. */
  async forget({ id }: Pick<Job, 'id'>): Promise<void> {
    const { objects } = this.#parts;
    await objects.delete(`${recipientsFolder}${id}`);
    for await (const key of objects.list(`${dueFolder}${id}-`)) await objects.delete(key);
  }

  /** Records that mail about a job's end is due. */
  async note({ id, status }: Job): Promise<void> {
    if (!isFinal(status)) return;
    const { objects } = this.#parts;
    const found = await objects.get(`${recipientsFolder}${id}`);
    if (!found) return;
    const recipients = readRecipients(found.body);
    if (recipients) await this.#noteAll(id, 'ended', recipients);
    else this.#parts.log.error('the recipients of a job were damaged', { jobId: id });
    await objects.delete(`${recipientsFolder}${id}`);
  }

  /** Sends the mails of one job. */
  async tell({ id }: Pick<Job, 'id'>): Promise<void> {
    await this.#sendAll(`${dueFolder}${id}-`);
  }

  /** Sends every mail that is due, and deletes the counts of earlier days. */
  async tellDue(): Promise<void> {
    await this.#sendAll(dueFolder);
    const { objects, now } = this.#parts;
    const today = dayOf(now());
    for await (const key of objects.list(daysFolder)) {
      if (key.slice(daysFolder.length) >= today) return;
      await objects.delete(key);
    }
  }

  async #noteAll(id: string, event: MailEvent, recipients: readonly string[]): Promise<void> {
    const first = firstTry(this.#parts.now());
    for (const [index, to] of recipients.entries()) {
      const due: DueMail = { to, ...first };
      await this.#put(`${dueFolder}${id}-${event}-${index}`, due, 'absent').catch((error) => {
        // The mail is already recorded.
        if (!(error instanceof PreconditionFailed)) throw error;
      });
    }
  }

  async #sendAll(prefix: string): Promise<void> {
    const { objects, log } = this.#parts;
    for await (const key of objects.list(prefix)) {
      const place = placeOf(key);
      if (!place) continue;
      const own = log.with({ jobId: place.id });
      await this.#sendOne(key, place, own).catch((error) =>
        own.error('a mail was not looked at', { event: place.event, reason: nameOf(error) }),
      );
    }
  }

  async #sendOne(key: string, { id, event, marker }: Place, log: Log): Promise<void> {
    const { objects, store, now } = this.#parts;
    const found = await objects.get(key);
    if (!found) return;
    const due = readDue(found.body);
    if (!due) {
      log.error('a mail was damaged and is not sent', { event });
      return await objects.delete(key);
    }
    if (!isDue(due, now())) return;
    const job = (await store.read(id))?.job;
    if (!job || wasRefused(job)) return await objects.delete(key);
    const claim = await this.#claim(marker);
    if (claim === 'under way') return;
    if (claim === 'done') return await objects.delete(key);
    const { kind, code } = await this.#handOver(job, event, due.to, log);
    const next = kind === 'later' ? nextTry(due, now()) : undefined;
    if (next) {
      log.warn('a mail was put off', { event, tries: due.tries + 1, code });
      await this.#put(key, { ...due, ...next } satisfies DueMail);
      await this.#mark(marker, 'failed', { etag: claim.etag });
      return;
    }
    if (kind === 'sent') log.info('a recipient was told', { event, tries: due.tries + 1 });
    else log.warn('a mail was not sent', { event, tries: due.tries + 1, code });
    await this.#mark(marker, 'done', { etag: claim.etag });
    await objects.delete(key);
  }

  /** @returns the claim, unless the mail is being sent or was sent elsewhere */
  async #claim(marker: string): Promise<{ readonly etag: string } | 'under way' | 'done'> {
    const { objects, now } = this.#parts;
    try {
      return await this.#mark(marker, 'sending', 'absent');
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
    }
    const found = await objects.get(marker);
    if (!found) return 'under way';
    const { state, at } = JSON.parse(text(found.body)) as Marker;
    if (state === 'sending') {
      // Whether it was accepted can no longer be found out. A date far ahead is from before a clock was set
      // back.
      const age = Math.abs(now().getTime() - Date.parse(at));
      return age > longestSending ? 'done' : 'under way';
    }
    if (state === 'done') return 'done';
    try {
      return await this.#mark(marker, 'sending', { etag: found.etag });
    } catch (error) {
      if (error instanceof PreconditionFailed) return 'under way';
      throw error;
    }
  }

  /** Never throws: a mail that may have been accepted is not retried. */
  async #handOver(job: Job, event: MailEvent, to: string, log: Log): Promise<MailOutcome> {
    const { send, encode, store } = this.#parts;
    let mail: Omit<Mail, 'to'>;
    try {
      if (!(await this.#takePlace(job.id, event, to))) {
        return { kind: 'refused', code: 'enough-for-today' };
      }
      mail = await encode(job, event, await store.readInputs(job.id));
    } catch (error) {
      log.error('a mail was not written', { event, reason: nameOf(error) });
      return { kind: 'later', code: nameOf(error) };
    }
    try {
      return await send({ ...mail, to });
    } catch (error) {
      // The error's message may contain the recipient.
      return { kind: 'refused', code: nameOf(error) };
    }
  }

  /** Mails sent at the same time may exceed the limit by a few. */
  async #takePlace(id: string, event: MailEvent, to: string): Promise<boolean> {
    const { objects, perRecipientAndDay, now } = this.#parts;
    const folder = `${daysFolder}${dayOf(now())}/${sha256(to.toLowerCase())}/`;
    const own = `${folder}${id}-${event}`;
    let sent = 0;
    for await (const key of objects.list(folder)) {
      if (key === own) return true;
      if (++sent >= perRecipientAndDay) return false;
    }
    await objects.put(own, '', { contentType: 'text/plain' });
    return true;
  }

  async #mark(
    marker: string,
    state: Marker['state'],
    condition: 'absent' | { readonly etag: string },
  ): Promise<{ readonly etag: string }> {
    const at = this.#parts.now().toISOString();
    return await this.#put(marker, { state, at } satisfies Marker, condition);
  }

  async #put(key: string, content: object, condition?: 'absent' | { readonly etag: string }) {
    return await this.#parts.objects.put(key, JSON.stringify(content), {
      contentType: 'application/json',
      ...(condition ? { condition } : {}),
    });
  }
}

interface Place {
  readonly id: string;
  readonly event: MailEvent;
  readonly marker: string;
}

/** Undefined if the file is damaged: its recipient can no longer be found out. */
function readDue(body: Uint8Array): DueMail | undefined {
  const found = parsed(body);
  const due = dueIn(found);
  if (!due || typeof found !== 'object' || found === null || !('to' in found)) return undefined;
  return typeof found.to === 'string' ? { to: found.to, ...due } : undefined;
}

function readRecipients(body: Uint8Array): readonly string[] | undefined {
  const found = parsed(body);
  return Array.isArray(found) && found.every((one) => typeof one === 'string') ? found : undefined;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(text(body));
  } catch {
    return undefined;
  }
}

function placeOf(key: string): Place | undefined {
  const name = key.slice(dueFolder.length);
  const id = name.slice(0, 36);
  const [, word, index] = /^-([a-z]+)-(\d+)$/.exec(name.slice(36)) ?? [];
  const event = mailEvents.find((known) => known === word);
  if (!event || !isJobId(id)) return undefined;
  return { id, event, marker: `jobs/${id}/mail-${event}-${index}` };
}

/** The job never reached the engine, and its client learned that at once. */
function wasRefused({ status, submittedAt, claim }: Job): boolean {
  return status === 'failed' && submittedAt === undefined && claim === undefined;
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

function text(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}
