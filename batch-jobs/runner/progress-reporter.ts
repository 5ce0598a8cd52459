import type { JobStore } from '../api/job-store.ts';
import type { Log } from '../api/log.ts';

/**
 * Writes a command's progress to the record, no more often than every interval: the latest word
 * counts, those between are skipped. Progress is worth no failure, so a write that fails is logged.
 */
export class ProgressReporter {
  readonly #store: JobStore;
  readonly #jobId: string;
  readonly #log: Log;
  readonly #intervalMilliseconds: number;
  #latest: { percent: number; message: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(store: JobStore, jobId: string, log: Log, intervalMilliseconds: number) {
    this.#store = store;
    this.#jobId = jobId;
    this.#log = log;
    this.#intervalMilliseconds = intervalMilliseconds;
  }

  report(percent: number, message: string): void {
    if (this.#ended) return;
    this.#latest = { percent, message };
    if (this.#timer) return;
    this.#write();
    this.#timer = setInterval(() => this.#write(), this.#intervalMilliseconds);
    this.#timer.unref();
  }

  /** Waits for a write under way; nothing is written after. */
  async end(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#timer);
    await this.#writing;
  }

  #write(): void {
    const latest = this.#latest;
    if (!latest) return;
    this.#latest = undefined;
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#store.update(this.#jobId, (job) =>
          job.status === 'running'
            ? {
                percentCompleted: Math.max(job.percentCompleted, Math.floor(latest.percent)),
                ...(latest.message ? { message: latest.message } : {}),
              }
            : undefined,
        );
      } catch (error) {
        this.#log.warn('progress was not written', { reason: String(error) });
      }
    });
  }
}
