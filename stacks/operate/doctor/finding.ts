/** The result of one of the doctor's checks. */
export interface Finding {
  readonly subject: string;
  /**
   * `broken`: requests or jobs fail because of it; `warns`: they do not fail yet; `unknown`: it could not be
   * checked.
   */
  readonly verdict: 'ok' | 'warns' | 'broken' | 'unknown';
  readonly message: string;
  /** The command that mends it. */
  readonly mend?: string;
}

/** A check. */
export interface Check {
  readonly name: string;
  run(): Promise<readonly Finding[]>;
}

export const ok = (subject: string, message: string): Finding => ({
  subject,
  verdict: 'ok',
  message,
});

export const warns = (subject: string, message: string, mend?: string): Finding => ({
  subject,
  verdict: 'warns',
  message,
  ...(mend === undefined ? {} : { mend }),
});

export const broken = (subject: string, message: string, mend: string): Finding => ({
  subject,
  verdict: 'broken',
  message,
  mend,
});

export const unknown = (subject: string, message: string): Finding => ({
  subject,
  verdict: 'unknown',
  message,
});

/** A check that fails must not prevent the others. */
export async function findings(check: Check): Promise<readonly Finding[]> {
  try {
    return await check.run();
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return [unknown(check.name, `could not be looked at (${why.split('\n')[0]})`)];
  }
}

/** The findings as text: broken ones last, where a terminal shows them. */
export function findingsText(found: readonly Finding[]): string {
  const order = ['ok', 'unknown', 'warns', 'broken'];
  const sorted = [...found].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const lines = sorted.flatMap(({ subject, verdict, message, mend }) => [
    `${verdict.padEnd(8)}${subject}: ${message}`,
    ...(mend === undefined ? [] : [`        mend: ${mend}`]),
  ]);
  const count = (verdict: Finding['verdict']) =>
    found.filter((each) => each.verdict === verdict).length;
  const end =
    count('broken') > 0
      ? `${count('broken')} broken, ${count('warns')} to look at, ${count('unknown')} unknown.`
      : `Nothing is broken; ${count('warns')} to look at, ${count('unknown')} unknown.`;
  return `${lines.join('\n')}\n\n${end}`;
}
