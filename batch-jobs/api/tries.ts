/** A message still to be sent, and the time of its next try; stored as JSON. */
export interface Due {
  /** Tries so far. */
  readonly tries: number;
  /** Time of the next try, ISO 8601. */
  readonly dueAt: string;
}

const minute = 60_000;

/** Pauses after each failed try, in milliseconds. After the last pause there is one more try. */
const pauses = [1, 5, 15, 60, 180, 360, 720].map((minutes) => minutes * minute);

/** For a message that has not been tried yet. */
export function firstTry(now: Date): Due {
  return { tries: 0, dueAt: now.toISOString() };
}

/** After a failed try; undefined if it was the last. */
export function nextTry({ tries }: Pick<Due, 'tries'>, now: Date): Due | undefined {
  const pause = pauses[tries];
  if (pause === undefined) return undefined;
  return { tries: tries + 1, dueAt: new Date(now.getTime() + pause).toISOString() };
}

/** Returns undefined if the value is not a stored {@link Due}, because the file was damaged. */
export function dueIn(stored: unknown): Due | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  if (!('tries' in stored && 'dueAt' in stored)) return undefined;
  const { tries, dueAt } = stored;
  return typeof tries === 'number' && typeof dueAt === 'string' ? { tries, dueAt } : undefined;
}

/**
 * Whether the next try is due. People may set clocks, so a message that has not been tried is always due. A
 * try that is further away than twice its pause was scheduled before a clock was set back, so it is due now
 * and does not wait for the clock to catch up.
 */
export function isDue({ tries, dueAt }: Due, now: Date): boolean {
  const pause = pauses[tries - 1] ?? 0;
  const left = Date.parse(dueAt) - now.getTime();
  return !(left > 0 && left <= 2 * pause);
}
