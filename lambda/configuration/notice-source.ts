import type { Log } from '../../batch-jobs/api/log.ts';
import { unlessPassed } from '../jobs/request-deadline.ts';
import { type Notice, noticeAt, parseNotice } from './notice.ts';

export interface NoticeSourceSettings {
  /** Reads the file; undefined if there is no file, which is the normal case. */
  readonly fetch: () => Promise<string | undefined>;
  /** Age after which the file is read again, in milliseconds. */
  readonly timeToLiveMilliseconds: number;
  /** Age after which a request waits for the new read, and the longest such wait. */
  readonly staleMilliseconds: number;
  readonly patienceMilliseconds: number;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * The notice of an environment. It makes no request fail: if the notice cannot be read, the last known notice
 * stays, and a notice that cannot be understood is not shown. The log reports both cases.
 */
export class NoticeSource {
  readonly #settings: NoticeSourceSettings;
  #notice: Notice | undefined;
  /** When the file was last read, and when a read was last tried, in milliseconds. */
  #readAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(settings: NoticeSourceSettings) {
    this.#settings = settings;
  }

  /** The notice to show now. */
  async current(): Promise<Notice | undefined> {
    const { now, timeToLiveMilliseconds, staleMilliseconds, patienceMilliseconds } = this.#settings;
    const at = now().getTime();
    if (at - this.#triedAt >= timeToLiveMilliseconds) {
      this.#triedAt = at;
      this.#reading = this.#read(at);
    }
    if (this.#reading && at - this.#readAt >= staleMilliseconds) {
      const signal = AbortSignal.timeout(patienceMilliseconds);
      await unlessPassed(signal, this.#reading).catch(() => undefined);
    }
    return noticeAt(this.#notice, now());
  }

  async #read(at: number): Promise<void> {
    const { fetch, log } = this.#settings;
    try {
      const text = await fetch();
      // A read that was frozen with the function may end after a later read.
      if (at < this.#triedAt) return;
      this.#readAt = at;
      this.#notice = text === undefined ? undefined : parseNotice(text);
    } catch (error) {
      const isFault = error instanceof Error && error.name === 'NoticeFault';
      if (isFault) this.#notice = undefined;
      log.error(isFault ? 'the notice is not shown' : 'the notice was not read', {}, error);
    }
  }
}
