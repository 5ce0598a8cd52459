interface Kept<Answer> {
  readonly until: number;
  readonly answer: Promise<Answer>;
}

/**
 * How long to wait after a failure, so that a server that is down does not receive a request with every
 * keystroke.
 */
const failureMilliseconds = 10_000;

/** Caches answers that take a while to get. Concurrent requests for the same answer share one fetch. */
export class KeptAnswers<Answer> {
  readonly #kept = new Map<string, Kept<Answer>>();
  readonly #milliseconds: number;
  readonly #most: number;

  /**
   * @param most maximum number of answers in the cache; the answer that was fetched first is dropped first
   */
  constructor(milliseconds: number, most: number) {
    this.#milliseconds = milliseconds;
    this.#most = most;
  }

  get(key: string, fetch: () => Promise<Answer>): Promise<Answer> {
    const now = performance.now();
    const known = this.#kept.get(key);
    if (known && known.until > now) return known.answer;
    const answer = fetch();
    this.#keep(key, { until: now + this.#milliseconds, answer });
    answer.catch(() => {
      const isNewest = this.#kept.get(key)?.answer === answer;
      if (isNewest) this.#keep(key, { until: performance.now() + failureMilliseconds, answer });
    });
    return answer;
  }

  /** An answer that is cached or being fetched. */
  known(key: string): Promise<Answer> | undefined {
    const known = this.#kept.get(key);
    return known && known.until > performance.now() ? known.answer : undefined;
  }

  #keep(key: string, kept: Kept<Answer>): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest);
  }
}
