import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import { IdempotencyKeys } from './idempotency-keys.ts';
import {
  changeJob,
  type Job,
  type JobChange,
  type JobInput,
  type PublishedOutput,
  type ReceivedRequest,
  removedJob,
} from './job.ts';
import { isJobId } from './job-id.ts';
import { JobIndex } from './job-index.ts';
import { DamagedRecord, readJobInputs, readJobRecord, writeJobRecord } from './job-record.ts';
import {
  type ByteRange,
  type ObjectStore,
  type OpenedObject,
  PreconditionFailed,
} from './object-store.ts';
import { OwnedJobs } from './owned-jobs.ts';
import { PastDurations } from './past-durations.ts';
import { withoutCredentials } from './reference-headers.ts';
import { type StatusDocument, StatusDocuments } from './status-documents.ts';
import { UnfinishedMarkers } from './unfinished-markers.ts';

export interface StoredJob {
  readonly job: Job;
  readonly etag: string;
}

/** What tells where an output of a job is stored. */
export type OutputPlace = Pick<PublishedOutput, 'attempt' | 'name'>;

/** There is no record of the job. */
export class JobNotFound extends Error {
  override readonly name = 'JobNotFound';
  constructor(id: string) {
    super(`there is no job ${id}`);
  }
}

const json = { contentType: 'application/json' };

/** Writers of one record are few; more rounds than this mean that something else is wrong. */
const maximumRounds = 50;

/**
 * The documents of jobs: `jobs/<id>/` holds `request.xml` (or `.kvp`, or `.json`), `inputs.json`,
 * `job.json` (the record), the status document and `outputs/<attempt>/<name>`.
 *
 * Updates of the record are conditional on the state they were decided on, and what
 * {@link changeJob} forbids does not happen: a final status never changes.
 */
export class JobStore {
  /** Of the jobs that somebody must still look after. */
  readonly unfinished: UnfinishedMarkers;
  /** Of all jobs, for listing them. */
  readonly index: JobIndex;
  readonly idempotencyKeys: IdempotencyKeys;
  /** Unfinished jobs by owner. */
  readonly owned: OwnedJobs;
  /** Of the latest runs of each process. */
  readonly durations: PastDurations;
  readonly #objects: ObjectStore;
  readonly #status: StatusDocuments | undefined;
  readonly #now: () => Date;
  readonly #expiresByItself: boolean;
  /** Of the job whose inputs were read last. */
  #inputs: { readonly id: string; readonly inputs: readonly JobInput[] } | undefined;

  /**
   * @param statusDocument left out, none is written
   * @param options.expiresByItself something else removes what is stored below `jobs/`; then what tells
   *   an expired job from an unknown one is written when the job ends
   */
  constructor(
    objects: ObjectStore,
    statusDocument?: StatusDocument,
    now = () => new Date(),
    options: { readonly expiresByItself?: boolean } = {},
  ) {
    this.#expiresByItself = options.expiresByItself ?? false;
    this.unfinished = new UnfinishedMarkers(objects);
    this.index = new JobIndex(objects);
    this.idempotencyKeys = new IdempotencyKeys(objects);
    this.owned = new OwnedJobs(objects);
    this.durations = new PastDurations(objects);
    this.#objects = objects;
    this.#status =
      statusDocument &&
      new StatusDocuments(objects, statusDocument, {
        read: async (id) => (await this.read(id))?.job,
        inputs: (id) => this.inputsToTell(id),
      });
    this.#now = now;
  }

  /**
   * Stores marker, entry of the index, request, inputs and status document, then the record: a record that
   * can be read is complete. What cannot be written down as far as the record leaves no marker.
   *
   * @throws {PreconditionFailed} when the id is taken
   */
  async create(
    job: Job,
    request: ReceivedRequest,
    inputs: readonly JobInput[],
  ): Promise<StoredJob> {
    this.#inputs = { id: job.id, inputs };
    const { contentType } = request;
    const body = /\bxml\b/.test(contentType) ? withoutCredentials(request.body) : request.body;
    const written = await Promise.allSettled([
      this.unfinished.set(job.id, job.createdAt),
      this.index.add(job),
      this.owned.add(job),
      this.#objects.put(key(job.id, requestName(contentType)), body, { contentType }),
      this.#objects.put(key(job.id, 'inputs.json'), JSON.stringify(inputs), json),
      this.#status?.create(job),
    ]);
    const failure = written.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') {
      await this.unfinished.removeIfPossible(job.id);
      throw failure.reason;
    }
    // Should this fail, the record may be there all the same: the marker stays, for a sweep to tell.
    const { etag } = await this.#objects.put(key(job.id, 'job.json'), writeJobRecord(job), {
      ...json,
      condition: 'absent',
    });
    return { job, etag };
  }

  /**
   * Undefined when there is no such job; also for text that is not a job id.
   *
   * @throws {DamagedRecord}
   */
  async read(id: string): Promise<StoredJob | undefined> {
    if (!isJobId(id)) return undefined;
    const object = await this.#objects.get(key(id, 'job.json'));
    if (!object) return undefined;
    return { job: readJobRecord(text(object.body)), etag: object.etag };
  }

  /**
   * Ids of all jobs that have a record, in the order of the ids: a walk over everything that is stored, for maintenance.
   *
   * @param after only those past this one
   */
  async *ids(after?: string): AsyncIterable<string> {
    const from = after === undefined ? undefined : key(after, 'job.json');
    for await (const found of this.#objects.list('jobs/', from)) {
      const [, id] = /^jobs\/([^/]+)\/job\.json$/.exec(found) ?? [];
      if (id !== undefined && isJobId(id)) yield id;
    }
  }

  /**
   * Whether there was such a job and its retention is over. Ask where {@link read} finds none.
   */
  async isExpired(id: string): Promise<boolean> {
    return isJobId(id) && (await this.#objects.get(endedKey(id))) !== undefined;
  }

  /**
   * Removes all that is stored of a job but that there was one. What breaks off is done by the next
   * call: the record goes first, so that no client sees half a job.
   */
  async expire(id: string): Promise<void> {
    if (!isJobId(id)) return;
    await this.#putEnded(id);
    await this.unfinished.removeIfPossible(id);
    // A damaged record does not tell where the job stands in the index; lists leave it out by themselves.
    const stored = await this.read(id).catch((error) => {
      if (!(error instanceof DamagedRecord)) throw error;
    });
    if (stored) await this.index.remove(stored.job);
    await this.#objects.delete(key(id, 'job.json'));
    for await (const left of this.#objects.list(key(id, ''))) await this.#objects.delete(left);
  }

  /**
   * Of a job whose record is damaged: keeps a copy for a person to look at, and ends the looking after
   * the job. The record stays where it is, to be read as damaged.
   */
  async setAside(id: string): Promise<void> {
    const object = await this.#objects.get(key(id, 'job.json'));
    if (object) {
      const contentType = 'application/octet-stream';
      await this.#objects.put(`damaged/${key(id, 'job.json')}`, object.body, { contentType });
    }
    await this.unfinished.removeIfPossible(id);
  }

  /**
   * They never change, so those that are read again and again are read once.
   *
   * @throws {DamagedRecord} when they are not there, or are no inputs
   */
  async readInputs(id: string): Promise<readonly JobInput[]> {
    if (this.#inputs?.id === id) return this.#inputs.inputs;
    const object = await this.#objects.get(key(id, 'inputs.json'));
    if (!object) throw new DamagedRecord(`job ${id} has no inputs.json`);
    const inputs = readJobInputs(text(object.body));
    this.#inputs = { id, inputs };
    return inputs;
  }

  /**
   * Changes the record, however many others do so at once.
   *
   * @param decide what to change, from the record as it is now; undefined leaves it alone. Runs
   *   again when another writer came between.
   * @param known the record where the caller has just read or written it
   * @returns the record as it is now
   * @throws {IllegalTransition} when its status does not allow the change
   * @throws {JobNotFound}
   */
  async update(
    id: string,
    decide: (job: Job) => JobChange | undefined,
    known?: StoredJob,
  ): Promise<StoredJob> {
    const current = known ?? (await this.read(id));
    return await this.#rewrite(id, current, (job) => {
      const change = decide(job);
      return change && changeJob(job, change, this.#now().toISOString());
    });
  }

  /**
   * Uploads a file as an output of a job, where no other attempt puts its own.
   *
   * @returns its size in bytes and SHA-256 as hexadecimal digits
   */
  async publishOutput(
    id: string,
    output: OutputPlace,
    path: string,
    contentType: string,
  ): Promise<{ size: number; sha256: string }> {
    const hash = createHash('sha256');
    let size = 0;
    const measured = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        hash.update(chunk);
        size += chunk.length;
        done(null, chunk);
      },
    });
    // A failing read must break the upload off, and one that fails before the upload listens must
    // not end the process: the pipeline hears both, the upload's rejection tells.
    const content = pipeline(
      createReadStream(path, { highWaterMark: 1 << 20 }),
      measured,
      () => undefined,
    );
    await this.#objects.upload(outputKey(id, output), content, { contentType });
    return { size, sha256: hash.digest('hex') };
  }

  /** @param range what of it is read; left out, all */
  async openOutput(
    id: string,
    output: OutputPlace,
    range?: ByteRange,
  ): Promise<OpenedObject | undefined> {
    return this.#objects.open(outputKey(id, output), range);
  }

  /** A URL that opens the output for a while without credentials, where the store has such. */
  async linkOutput(
    id: string,
    output: OutputPlace,
    options: { filename: string; contentType: string; seconds: number },
  ): Promise<string | undefined> {
    return this.#objects.link(outputKey(id, output), options);
  }

  /**
   * Which output a link of {@link linkOutput} opens, also one whose time is over: that it is of this store, and not only
   * looks like it, is seen by the link that the store itself would give.
   */
  async outputOfLink(href: string): Promise<{ id: string; place: OutputPlace } | undefined> {
    const path = pathOf(href);
    const found = /(?:^|\/)jobs\/([^/]+)\/outputs\/(\d{1,6})\/([^/]+)$/.exec(path?.pathname ?? '');
    const [, id = '', attempt = '', name = ''] = found ?? [];
    if (!path || !isJobId(id)) return undefined;
    const place = { attempt: Number(attempt), name };
    const options = { filename: name, contentType: 'application/octet-stream', seconds: 60 };
    const own = await this.linkOutput(id, place, options);
    const ownPath = own === undefined ? undefined : pathOf(own);
    const isSame = ownPath?.origin === path.origin && ownPath.pathname === path.pathname;
    return isSame ? { id, place } : undefined;
  }

  /**
   * Brings the status document up to date with a record that another writer may have changed.
   */
  async refreshStatusDocument(id: string): Promise<void> {
    await this.#status?.refresh(id);
  }

  /**
   * Brings what is derived from a final record up to date, then takes its marker away.
   *
   * @param alsoBefore what else must be written down while the marker is still there
   * @returns true for exactly one of all who finish the job: the one who may count it
   */
  async finish(stored: StoredJob, alsoBefore?: () => Promise<void>): Promise<boolean> {
    const isFirst = await this.unfinished.finish(stored.job.id, async () => {
      await Promise.all([
        this.#expiresByItself && this.#putEnded(stored.job.id),
        this.refreshStatusDocument(stored.job.id),
        alsoBefore?.(),
      ]);
    });
    await this.owned.removeIfPossible(stored.job);
    return isFirst;
  }

  /**
   * Gives a job other labels, regardless of its status. That is no news of the job: when it last changed stays.
   *
   * @throws {JobNotFound}
   */
  async relabel(stored: StoredJob, labels: readonly string[]): Promise<StoredJob> {
    return await this.#rewrite(stored.job.id, stored, (job) => ({ ...job, labels }));
  }

  /**
   * Dismisses a job that has ended, and removes its outputs. The record goes first: no client is led to what
   * is not there.
   *
   * @throws {JobNotFound}
   */
  async remove(stored: StoredJob): Promise<StoredJob> {
    const { id } = stored.job;
    const removed =
      stored.job.status === 'dismissed'
        ? stored
        : await this.#rewrite(id, stored, (job) => removedJob(job, this.#now().toISOString()));
    for await (const output of this.#objects.list(key(id, 'outputs/'))) {
      await this.#objects.delete(output);
    }
    return removed;
  }

  /**
   * Replaces a record, which may be final already, by what `decide` makes of it; runs that again when another
   * writer came between.
   */
  async #rewrite(
    id: string,
    found: StoredJob | undefined,
    decide: (job: Job) => Job | undefined,
  ): Promise<StoredJob> {
    let current = found;
    for (let round = 0; round < maximumRounds; round++) {
      if (!current) throw new JobNotFound(id);
      const job = decide(current.job);
      if (!job) return current;
      const etag = await this.#replace(id, job, current.etag);
      if (etag) {
        await this.#status?.refreshIfOther(current.job, job);
        return { job, etag };
      }
      current = await this.read(id);
    }
    throw new Error(`job ${id} changed ${maximumRounds} times while it was being updated`);
  }

  /** The new ETag, or undefined when another writer was first. */
  async #replace(id: string, job: Job, etag: string): Promise<string | undefined> {
    try {
      const put = await this.#objects.put(key(id, 'job.json'), writeJobRecord(job), {
        ...json,
        condition: { etag },
      });
      return put.etag;
    } catch (error) {
      if (error instanceof PreconditionFailed) return undefined;
      throw error;
    }
  }

  async #putEnded(id: string): Promise<void> {
    const instant = this.#now().toISOString();
    await this.#objects.put(endedKey(id), instant, { contentType: 'text/plain' });
  }

  /** Inputs as a status document repeats them: that they are damaged must not keep it from telling how the job ended. */
  async inputsToTell(id: string): Promise<readonly JobInput[]> {
    try {
      return await this.readInputs(id);
    } catch (error) {
      if (error instanceof DamagedRecord) return [];
      throw error;
    }
  }
}

function key(id: string, document: string): string {
  return `jobs/${id}/${document}`;
}

/** Of a URL, with nothing left encoded in its path: clients encode more or less of it. */
function pathOf(href: string): Pick<URL, 'origin' | 'pathname'> | undefined {
  if (!URL.canParse(href)) return undefined;
  const { origin, pathname } = new URL(href);
  try {
    return { origin, pathname: decodeURIComponent(pathname) };
  } catch {
    return undefined;
  }
}

function outputKey(id: string, { attempt, name }: OutputPlace): string {
  return key(id, `outputs/${attempt}/${name}`);
}

function text(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

/** Of a job that has ended, or has been removed: stays when all else is gone. */
function endedKey(id: string): string {
  return `ended/${id}`;
}

/** Named for what it holds, for people who look into the folder. */
function requestName(contentType: string): string {
  if (/\bxml\b/.test(contentType)) return 'request.xml';
  return /\bjson\b/.test(contentType) ? 'request.json' : 'request.kvp';
}
