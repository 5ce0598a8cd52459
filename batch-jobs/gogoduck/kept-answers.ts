interface Kept<Answer> {
  readonly until: number;
  readonly answer: Promise<Answer>;
}

/** After a failure the next try waits this long: a server that is down is not asked at every key. */
const failureMilliseconds = 10_000;

/** Answers that take a while to get, kept for those who ask the same soon: each is fetched once at a time. */
export class KeptAnswers<Answer> {
  readonly #kept = new Map<string, Kept<Answer>>();
  readonly #milliseconds: number;
  readonly #most: number;

  /** @param most how many are kept; the one that was fetched first goes first */
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

  /** What is kept or being fetched now. */
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
