import { createHash } from 'node:crypto';
import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import type { PutOptions } from '../../batch-jobs/api/object-store.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';

/** The objects as they are stored, with checks for changes that must never happen to a record. */
export class WatchedObjects extends MemoryObjectStore {
  readonly violations: string[] = [];

  override async put(key: string, content: string | Uint8Array, options: PutOptions) {
    const before = await this.#record(key);
    const written = await super.put(key, content, options);
    const after = await this.#record(key);
    if (before && isFinal(before.status)) {
      this.violations.push(`${key} is ${before.status} and was written again as ${after?.status}`);
    }
    if (after?.status === 'succeeded') await this.#checkOutputs(after);
    return written;
  }

  async record(id: string): Promise<Job | undefined> {
    return await this.#record(`jobs/${id}/job.json`);
  }

  async #record(key: string): Promise<Job | undefined> {
    if (!key.endsWith('/job.json')) return undefined;
    const found = await this.get(key);
    return found && (JSON.parse(new TextDecoder().decode(found.body)) as Job);
  }

  async #checkOutputs(job: Job): Promise<void> {
    for (const { identifier } of job.requestedOutputs) {
      const output = job.outputs.find((published) => published.identifier === identifier);
      const object =
        output && (await this.get(`jobs/${job.id}/outputs/${output.attempt}/${output.name}`));
      const sha256 = object && createHash('sha256').update(object.body).digest('hex');
      if (!output || sha256 !== output.sha256 || object?.body.length !== output.size) {
        this.violations.push(`job ${job.id} succeeded without its output ${identifier}`);
      }
    }
  }
}
