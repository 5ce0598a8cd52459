import { createReadStream } from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import { changeJob, type Job, type JobChange, type JobInput, type PublishedOutput } from './job.ts';
import { isJobId } from './job-id.ts';
import { type ObjectStore, type OpenedObject, PreconditionFailed } from './object-store.ts';
import { UnfinishedMarkers } from './unfinished-markers.ts';

/** The document clients poll, derived from the record. */
export interface StatusDocument {
  /** Name beside the record, such as `status.xml`. */
  readonly filename: string;
  readonly encode: (job: Job) => string;
}

/** The request as received, kept for whoever asks later what was asked. */
export interface ReceivedRequest {
  readonly body: string | Uint8Array;
  /** `xml` for a POST, `kvp` for a query string. */
  readonly form: 'xml' | 'kvp';
}

export interface StoredJob {
  readonly job: Job;
  readonly etag: string;
}

/** What tells where an output of a job lies. */
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
 * The documents of jobs: `jobs/<id>/` holds `request.xml` (or `request.kvp`), `inputs.json`,
 * `job.json` (the record), the status document and `outputs/<attempt>/<name>`.
 *
 * Updates of the record are conditional on the state they were decided on, and what
 * {@link changeJob} forbids does not happen: a final status never changes.
 */
export class JobStore {
  /** Of the jobs that somebody must still look after. */
  readonly unfinished: UnfinishedMarkers;
  readonly #objects: ObjectStore;
  readonly #statusDocument: StatusDocument;
  readonly #now: () => Date;
  /** Of the job with lineage that was read last. */
  #inputs: { readonly id: string; readonly inputs: readonly JobInput[] } | undefined;

  constructor(objects: ObjectStore, statusDocument: StatusDocument, now = () => new Date()) {
    this.unfinished = new UnfinishedMarkers(objects);
    this.#objects = objects;
    this.#statusDocument = statusDocument;
    this.#now = now;
  }

  /**
   * Stores marker, request, inputs and status document, then the record: a record that can be read is
   * complete. What cannot be written down as far as the record leaves no marker.
   *
   * @throws {PreconditionFailed} when the id is taken
   */
  async create(
    job: Job,
    request: ReceivedRequest,
    inputs: readonly JobInput[],
  ): Promise<StoredJob> {
    const written = await Promise.allSettled([
      this.unfinished.set(job.id, job.createdAt),
      this.#objects.put(key(job.id, `request.${request.form}`), request.body, {
        contentType: request.form === 'xml' ? 'application/xml' : 'text/plain',
      }),
      this.#objects.put(key(job.id, 'inputs.json'), JSON.stringify(inputs), json),
      this.#putStatusDocument(job),
    ]);
    const failure = written.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') {
      await this.unfinished.removeIfPossible(job.id);
      throw failure.reason;
    }
    // Should this fail, the record may be there all the same: the marker stays, for a sweep to tell.
    const { etag } = await this.#objects.put(key(job.id, 'job.json'), record(job), {
      ...json,
      condition: 'absent',
    });
    return { job, etag };
  }

  /** Undefined when there is no such job; also for a text that is no job id. */
  async read(id: string): Promise<StoredJob | undefined> {
    if (!isJobId(id)) return undefined;
    const object = await this.#objects.get(key(id, 'job.json'));
    if (!object) return undefined;
    const job = parse<Job>(object.body);
    return { job: job.lineage ? await this.#withInputs(job) : job, etag: object.etag };
  }

  async readInputs(id: string): Promise<readonly JobInput[]> {
    const object = await this.#objects.get(key(id, 'inputs.json'));
    if (!object) throw new Error(`job ${id} has no inputs.json`);
    return parse<readonly JobInput[]>(object.body);
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
    let current = known ?? (await this.read(id));
    for (let round = 0; round < maximumRounds; round++) {
      if (!current) throw new JobNotFound(id);
      const change = decide(current.job);
      if (!change) return current;
      const job = changeJob(current.job, change, this.#now().toISOString());
      const etag = await this.#replace(id, job, current.etag);
      if (etag) {
        await this.#refreshStatusDocument(current.job, { job, etag });
        return { job, etag };
      }
      current = await this.read(id);
    }
    throw new Error(`job ${id} changed ${maximumRounds} times while it was being updated`);
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
    const { createHash } = await import('node:crypto');
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

  async openOutput(id: string, output: OutputPlace): Promise<OpenedObject | undefined> {
    return this.#objects.open(outputKey(id, output));
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
   * Brings what is derived from a final record up to date, then takes its marker away.
   *
   * @returns true for exactly one of all who finish the job: the one who may count it
   */
  async finish(stored: StoredJob): Promise<boolean> {
    return await this.unfinished.finish(stored.job.id, () => this.#writeStatusDocument(stored));
  }

  /** They never change, so a job that is read again and again has them read once. */
  async #withInputs(job: Job): Promise<Job> {
    if (this.#inputs?.id !== job.id) {
      this.#inputs = { id: job.id, inputs: await this.readInputs(job.id) };
    }
    return { ...job, inputs: this.#inputs.inputs };
  }

  /** The new ETag, or undefined when another writer was first. */
  async #replace(id: string, job: Job, etag: string): Promise<string | undefined> {
    try {
      const put = await this.#objects.put(key(id, 'job.json'), record(job), {
        ...json,
        condition: { etag },
      });
      return put.etag;
    } catch (error) {
      if (error instanceof PreconditionFailed) return undefined;
      throw error;
    }
  }

  async #refreshStatusDocument(before: Job, after: StoredJob): Promise<void> {
    if (this.#statusDocument.encode(before) === this.#statusDocument.encode(after.job)) return;
    await this.#writeStatusDocument(after);
  }

  async #putStatusDocument(job: Job): Promise<void> {
    const { filename, encode } = this.#statusDocument;
    await this.#objects.put(key(job.id, filename), encode(job), { contentType: 'text/xml' });
  }

  /**
   * Two writers may finish in another order than their records did. So after a write the record is
   * read again, and the document written anew where it has moved on: the last to write looks last.
   */
  async #writeStatusDocument(written: StoredJob): Promise<void> {
    let stored: StoredJob | undefined = written;
    let etag: string | undefined;
    while (stored && stored.etag !== etag) {
      etag = stored.etag;
      await this.#putStatusDocument(stored.job);
      stored = await this.read(stored.job.id);
    }
  }
}

/** Without what `inputs.json` holds: it may be large, and the record is written often. */
function record(job: Job): string {
  return JSON.stringify({ ...job, inputs: [] });
}

function key(id: string, document: string): string {
  return `jobs/${id}/${document}`;
}

function outputKey(id: string, { attempt, name }: OutputPlace): string {
  return key(id, `outputs/${attempt}/${name}`);
}

function text(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

function parse<T>(body: Uint8Array): T {
  return JSON.parse(text(body)) as T;
}
