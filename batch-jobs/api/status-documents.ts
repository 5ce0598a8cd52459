import type { Job, JobInput } from './job.ts';
import { maximumRounds, type ObjectStore, PreconditionFailed } from './object-store.ts';

/**
 * The document stored beside the record for its readers. The functions write it because they know the
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

/**
 * Status documents beside the records of jobs. Each is valid at every moment, and never reverts to an older
 * record.
 */
export class StatusDocuments {
  readonly #objects: ObjectStore;
  readonly #document: StatusDocument;
  readonly #records: Records;

  constructor(objects: ObjectStore, document: StatusDocument, records: Records) {
    this.#objects = objects;
    this.#document = document;
    this.#records = records;
  }

  /** Writes the first document of a job. */
  async create(job: Job): Promise<void> {
    await this.#objects.put(this.#key(job.id), await this.#encoded(job), options);
  }

  /** Updates the document if its readers can see the change of the record. */
  async refreshIfOther(before: Job, after: Job): Promise<void> {
    const [old, now] = await Promise.all([before, after].map((job) => this.#encoded(job)));
    if (old !== now) await this.refresh(after.id);
  }

  /**
   * Updates the document from the record.
   *
   * Two writers may finish in a different order than they wrote their records, and a delayed writer may end
   * before it could check again. So a document is replaced only if it has not changed since before the record
   * was read: a document that another writer stored in the meantime is based on a record no older than this
   * one.
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
