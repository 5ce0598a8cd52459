import type { Log } from '../../batch-jobs/api/log.ts';
import { unlessPassed } from '../jobs/request-deadline.ts';
import { type Notice, noticeAt, parseNotice } from './notice.ts';

export interface NoticeSourceSettings {
  /** Reads the file; undefined where there is none, which is the rule. */
  readonly fetch: () => Promise<string | undefined>;
  /** Age after which the file is read again, in milliseconds. */
  readonly timeToLiveMilliseconds: number;
  /** Age after which a request waits for that, and how long it does. */
  readonly staleMilliseconds: number;
  readonly patienceMilliseconds: number;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * The notice of an environment. No request fails because of it: if it cannot be read, the last one known is kept, and
 * what cannot be understood is no notice; the log tells of both.
 */
export class NoticeSource {
  readonly #settings: NoticeSourceSettings;
  #notice: Notice | undefined;
  /** When it was last read, and when that was last tried, in milliseconds. */
  #readAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(settings: NoticeSourceSettings) {
    this.#settings = settings;
  }

  /** The notice that is to be shown now. */
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
      // One that was frozen with the function may come after a later one.
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
