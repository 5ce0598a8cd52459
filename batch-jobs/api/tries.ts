/** A message that is still to be sent, and when it is tried next; stored as JSON. */
export interface Due {
  /** Tries so far. */
  readonly tries: number;
  /** Instant of the next one, ISO 8601. */
  readonly dueAt: string;
}

const minute = 60_000;

/** Pauses after each try that failed, in milliseconds; after the last one no more are made. */
const pauses = [1, 5, 15, 60, 180, 360, 720].map((minutes) => minutes * minute);

/** Of what has not been tried yet. */
export function firstTry(now: Date): Due {
  return { tries: 0, dueAt: now.toISOString() };
}

/** After a try that failed; undefined when it was the last. */
export function nextTry({ tries }: Pick<Due, 'tries'>, now: Date): Due | undefined {
  const pause = pauses[tries];
  if (pause === undefined) return undefined;
  return { tries: tries + 1, dueAt: new Date(now.getTime() + pause).toISOString() };
}

/** Undefined for what is not a stored {@link Due}: a file was damaged. */
export function dueIn(stored: unknown): Due | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  if (!('tries' in stored && 'dueAt' in stored)) return undefined;
  const { tries, dueAt } = stored;
  return typeof tries === 'number' && typeof dueAt === 'string' ? { tries, dueAt } : undefined;
}

/**
 * Whether the time of the next try has come. Instants are those of a clock that people set: what has not been
 * tried waits for none, and what would be tried later than twice its pause from now was dated before a clock was
 * set back, and does not wait for the clock to catch up.
 */
export function isDue({ tries, dueAt }: Due, now: Date): boolean {
  const pause = pauses[tries - 1] ?? 0;
  const left = Date.parse(dueAt) - now.getTime();
  return !(left > 0 && left <= 2 * pause);
}
