import { EventEmitter, once } from 'node:events';

/** Informs requests that wait for a job that something has happened to it. */
export class JobNews {
  readonly #events = new EventEmitter().setMaxListeners(0);
  /** News without a listener is found by the next look at the record. */
  tell(jobId: string): void {
    this.#events.emit(jobId);
  }

  /**
   * @param signal ends the wait
   * @returns when there is news of the job, or the wait has ended
   */
  async heardOf(jobId: string, signal: AbortSignal): Promise<void> {
    await once(this.#events, jobId, { signal }).catch(() => undefined);
  }
}
