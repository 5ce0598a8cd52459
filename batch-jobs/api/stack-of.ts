/**
 * The text of an error for a log: its stack and code, and those of its causes and of the errors it
 * aggregates. Other fields are left out because those of HTTP clients contain addresses and headers.
 */
export function stackOf(error: unknown): string {
  return parts(error, new Set()).join('\n');
}

function parts(error: unknown, seen: Set<unknown>): string[] {
  if (seen.has(error)) return [];
  seen.add(error);
  if (!(error instanceof Error)) return [String(error)];
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const gathered = error instanceof AggregateError ? error.errors : [];
  const causes = error.cause === undefined ? gathered : [error.cause, ...gathered];
  return [
    `${error.stack ?? error.message}${code}`,
    ...causes.flatMap((cause) => {
      const [first, ...rest] = parts(cause, seen);
      return first === undefined ? [] : [`caused by: ${first}`, ...rest];
    }),
  ];
}
