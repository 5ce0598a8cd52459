import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import { IdempotencyKeys } from './idempotency-keys.ts';
import {
  changeJob,
  isFinal,
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
  maximumRounds,
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

/** Where an output of a job is stored. */
export type OutputPlace = Pick<PublishedOutput, 'attempt' | 'name'>;

/** The job has no record. */
export class JobNotFound extends Error {
  override readonly name = 'JobNotFound';
  constructor(id: string) {
    super(`there is no job ${id}`);
  }
}

const json = { contentType: 'application/json' };

/**
 * The documents of jobs: `jobs/<id>/` holds `request.xml` (or `.kvp`, or `.json`), `inputs.json`, `job.json`
 * (the record), the status document and `outputs/<attempt>/<name>`.
 *
 * Each update of the record is conditional on the state it was based on. {@link changeJob} decides which
 * changes are allowed; a final status never changes.
 */
export class JobStore {
  /** Jobs that still need attention. */
  readonly unfinished: UnfinishedMarkers;
  /** All jobs, for lists. */
  readonly index: JobIndex;
  readonly idempotencyKeys: IdempotencyKeys;
  /** Unfinished jobs by owner. */
  readonly owned: OwnedJobs;
  /** Durations of the latest runs of each process. */
  readonly durations: PastDurations;
  readonly #objects: ObjectStore;
  readonly #status: StatusDocuments | undefined;
  readonly #now: () => Date;
  readonly #expiresByItself: boolean | undefined;
  /** The inputs that were read last. */
  #inputs: { readonly id: string; readonly inputs: readonly JobInput[] } | undefined;

  /**
   * @param statusDocument if left out, no status document is written
   * @param options.expiresByItself something else removes the documents below `jobs/`. The marker that
   *   distinguishes an expired job from an unknown one is then written when the job ends.
   */
  constructor(
    objects: ObjectStore,
    statusDocument?: StatusDocument,
    now = () => new Date(),
    options: { readonly expiresByItself?: boolean } = {},
  ) {
    this.#expiresByItself = options.expiresByItself;
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
   * Stores the marker, the index entry, the request, the inputs and the status document, and then the record,
   * so a record that can be read is complete. If anything before the record fails, no marker remains.
   *
   * @throws {PreconditionFailed} if the ID is taken
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
    // If this fails, the record may exist nevertheless. The marker stays, and a sweep finds out.
    const { etag } = await this.#objects.put(key(job.id, 'job.json'), writeJobRecord(job), {
      ...json,
      condition: 'absent',
    });
    return { job, etag };
  }

  /**
   * Returns undefined if there is no such job, and for text that is not a job ID.
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
   * IDs of all jobs that have a record, in ID order. This walks through everything that is stored; use it for
   * maintenance only.
   *
   * @param after only IDs after this one
   */
  async *ids(after?: string): AsyncIterable<string> {
    const from = after === undefined ? undefined : key(after, 'job.json');
    for await (const found of this.#objects.list('jobs/', from)) {
      const [, id] = /^jobs\/([^/]+)\/job\.json$/.exec(found) ?? [];
      if (id !== undefined && isJobId(id)) yield id;
    }
  }

  /** Whether the job existed and its retention period is over. Call this if {@link read} finds no job. */
  async isExpired(id: string): Promise<boolean> {
    return isJobId(id) && (await this.#objects.get(endedKey(id))) !== undefined;
  }

  /**
   * Removes everything stored for a job except the fact that it existed. The record goes first, so that
   * clients never see half a job. If this is interrupted, the next call completes it.
   */
  async expire(id: string): Promise<void> {
    if (!isJobId(id)) return;
    await this.#putEnded(id);
    await this.unfinished.removeIfPossible(id);
    // A damaged record does not say where the job is in the index. Lists skip such entries.
    const stored = await this.read(id).catch((error) => {
      if (!(error instanceof DamagedRecord)) throw error;
    });
    if (stored) await this.index.remove(stored.job);
    await this.#objects.delete(key(id, 'job.json'));
    for await (const left of this.#objects.list(key(id, ''))) await this.#objects.delete(left);
  }

  /**
   * For a job whose record is damaged: stores a copy for a person to examine, and removes the job's marker.
   * The record stays in place and still reads as damaged.
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
   * Inputs never change, so those of the job read last are cached.
   *
   * @throws {DamagedRecord} if the inputs are missing or cannot be read
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
   * Changes the record, however many others change it at the same time.
   *
   * @param decide what to change, based on the current record; undefined changes nothing. Called again if
   *   another writer was faster.
   * @param known the record, if the caller has just read or written it
   * @returns the current record
   * @throws {IllegalTransition} if the job's status does not allow the change
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
   * Uploads a file as an output of a job, under a key that no other attempt uses.
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
    // A failed read must abort the upload, and a read that fails before the upload listens must not end the
    // process. The pipeline handles both errors; the rejected upload reports them.
    const content = pipeline(
      createReadStream(path, { highWaterMark: 1 << 20 }),
      measured,
      () => undefined,
    );
    await this.#objects.upload(outputKey(id, output), content, { contentType });
    return { size, sha256: hash.digest('hex') };
  }

  /** @param range the part to read; default: all */
  async openOutput(
    id: string,
    output: OutputPlace,
    range?: ByteRange,
  ): Promise<OpenedObject | undefined> {
    return this.#objects.open(outputKey(id, output), range);
  }

  /** A URL that opens the output for a limited time without credentials, if the store supports such URLs. */
  async linkOutput(
    id: string,
    output: OutputPlace,
    options: { filename: string; contentType: string; seconds: number },
  ): Promise<string | undefined> {
    return this.#objects.link(outputKey(id, output), options);
  }

  /**
   * The output that a link of {@link linkOutput} opens, even if the link has expired. To verify that the link
   * belongs to this store, it is compared with the link that the store itself would create.
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

  /** Updates the status document from the record, which another writer may have changed. */
  async refreshStatusDocument(id: string): Promise<void> {
    await this.#status?.refresh(id);
  }

  /**
   * Updates what is derived from a final record, and then removes the job's marker.
   *
   * @param alsoBefore what else to store while the marker still exists
   * @returns true for exactly one of all callers that finish the job: only that caller may count it
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
   * Replaces the labels of a job, whatever its status. The time of its last change stays the same.
   *
   * @throws {JobNotFound}
   */
  async relabel(stored: StoredJob, labels: readonly string[]): Promise<StoredJob> {
    return await this.#rewrite(stored.job.id, stored, (job) => ({ ...job, labels }));
  }

  /**
   * Records that the engine accepted the job, unless the record already knows that, or is final. Clients see
   * no change, so the time of the last change stays the same.
   *
   * @throws {JobNotFound}
   */
  async noteSubmission(stored: StoredJob, engineJobId: string): Promise<StoredJob> {
    const submittedAt = this.#now().toISOString();
    const note = (job: Job) =>
      isFinal(job.status) || job.engineJobId ? undefined : { ...job, engineJobId, submittedAt };
    return await this.#rewrite(stored.job.id, stored, note, false);
  }

  /**
   * Dismisses a job that has ended, and removes its outputs. The record changes first, so that it never
   * refers clients to missing outputs.
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
   * Replaces a record, which may already be final, with the result of `decide`. Calls `decide` again if
   * another writer was faster.
   *
   * @param isSeen whether the status document may show the change
   */
  async #rewrite(
    id: string,
    found: StoredJob | undefined,
    decide: (job: Job) => Job | undefined,
    isSeen = true,
  ): Promise<StoredJob> {
    let current = found;
    for (let round = 0; round < maximumRounds; round++) {
      if (!current) throw new JobNotFound(id);
      const job = decide(current.job);
      if (!job) return current;
      const etag = await this.#replace(id, job, current.etag);
      if (etag) {
        if (isSeen) await this.#status?.refreshIfOther(current.job, job);
        return { job, etag };
      }
      current = await this.read(id);
    }
    throw new Error(`job ${id} changed ${maximumRounds} times while it was being updated`);
  }

  /** Returns the new ETag, or undefined if another writer was first. */
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

  /** Inputs for the status document. Damaged inputs must not prevent it from reporting how the job ended. */
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

/** Decodes the whole path, because clients differ in how much of it they encode. */
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

/** Exists once a job has ended or was removed, and stays when everything else is gone. */
function endedKey(id: string): string {
  return `ended/${id}`;
}

/** Named after the content, for people who look into the folder. */
function requestName(contentType: string): string {
  if (/\bxml\b/.test(contentType)) return 'request.xml';
  return /\bjson\b/.test(contentType) ? 'request.json' : 'request.kvp';
}
