import type { Job, JobInput } from './job.ts';
import { type ObjectStore, PreconditionFailed } from './object-store.ts';

/**
 * The document that is stored beside the record for its readers. The functions write it, which know a
 * protocol; the runner does not.
 */
export interface StatusDocument {
  /** Name beside the record, such as `status.xml`. */
  readonly filename: string;
  /** @param inputs reads the job's inputs, for a document that repeats them */
  readonly encode: (
    job: Job,
    inputs: () => Promise<readonly JobInput[]>,
  ) => Promise<string> | string;
}

interface Records {
  readonly read: (id: string) => Promise<Job | undefined>;
  readonly inputs: (id: string) => Promise<readonly JobInput[]>;
}

const options = { contentType: 'text/xml' };

/** Writers of one document are few; more rounds than this mean that something else is wrong. */
const maximumRounds = 50;

/** Status documents beside the records of jobs. They are valid at every moment, and never of an older record. */
export class StatusDocuments {
  readonly #objects: ObjectStore;
  readonly #document: StatusDocument;
  readonly #records: Records;

  constructor(objects: ObjectStore, document: StatusDocument, records: Records) {
    this.#objects = objects;
    this.#document = document;
    this.#records = records;
  }

  /** The first document of a job. */
  async create(job: Job): Promise<void> {
    await this.#objects.put(this.#key(job.id), await this.#encoded(job), options);
  }

  /** Brings the document up to date if a change of the record is one that its readers see. */
  async refreshIfOther(before: Job, after: Job): Promise<void> {
    const [old, now] = await Promise.all([before, after].map((job) => this.#encoded(job)));
    if (old !== now) await this.refresh(after.id);
  }

  /**
   * Brings the document up to date with the record.
   *
   * Two writers may finish in another order than their records did, and one that was held up may end before it
   * could look again. So a document is replaced only where it is still the one that was there before the record
   * was read: what another writer put there meanwhile is of a record no older than this one.
   */
  async refresh(id: string): Promise<void> {
    for (let round = 0; round < maximumRounds; round++) {
      const found = await this.#objects.get(this.#key(id));
      const job = await this.#records.read(id);
      if (!job) return;
      const content = await this.#encoded(job);
      if (found && new TextDecoder().decode(found.body) === content) return;
      try {
        const condition = found ? { etag: found.etag } : 'absent';
        await this.#objects.put(this.#key(id), content, { ...options, condition });
        return;
      } catch (error) {
        if (!(error instanceof PreconditionFailed)) throw error;
      }
    }
    throw new Error(`the status document of job ${id} changed ${maximumRounds} times meanwhile`);
  }

  #key(id: string): string {
    return `jobs/${id}/${this.#document.filename}`;
  }

  async #encoded(job: Job): Promise<string> {
    return await this.#document.encode(job, () => this.#records.inputs(job.id));
  }
}
