import type { Log } from '../api/log.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Writes a command's progress to the record, one write at a time and at most once per interval. Only the
 * latest message is written; those in between are skipped. Progress is not worth a failure, so a write that
 * fails is only logged.
 */
export class ProgressReporter {
  readonly #record: Pick<RunRecord, 'progress'>;
  readonly #log: Log;
  readonly #intervalMilliseconds: number;
  readonly #onLost: () => void;
  #latest: { percent: number; message: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Set while a write is in progress. */
  #writing: Promise<void> | undefined;
  #ended = false;

  /** @param onLost called when the run no longer owns the job */
  constructor(
    record: Pick<RunRecord, 'progress'>,
    log: Log,
    intervalMilliseconds: number,
    onLost: () => void,
  ) {
    this.#record = record;
    this.#log = log;
    this.#intervalMilliseconds = intervalMilliseconds;
    this.#onLost = onLost;
  }

  report(percent: number, message: string): void {
    if (this.#ended) return;
    this.#latest = { percent, message };
    if (this.#timer) return;
    this.#write();
    this.#timer = setInterval(() => this.#write(), this.#intervalMilliseconds);
  }

  /** Waits for a write in progress; nothing is written afterwards. */
  async end(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#timer);
    await this.#writing;
  }

  #write(): void {
    const latest = this.#latest;
    if (!latest || this.#writing) return;
    this.#latest = undefined;
    this.#writing = this.#writeNow(latest.percent, latest.message).finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeNow(percent: number, message: string): Promise<void> {
    try {
      if (!(await this.#record.progress(percent, message))) this.#onLost();
    } catch (error) {
      this.#log.warn('progress was not written', { reason: String(error) });
    }
  }
}
