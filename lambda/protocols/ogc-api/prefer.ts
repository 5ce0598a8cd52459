/** A client's preferences for the response (RFC 7240; OGC 18-062r2, clause 7.11.2.3). */
export interface Preferences {
  readonly respond?: 'sync' | 'async';
  /** How long the client would wait, in seconds (RFC 7240, clause 4.3). */
  readonly wait?: number;
}

/** Ignores unknown and invalid preferences: a preference is only a wish (RFC 7240, clause 2). */
export function parsePrefer(header: string | undefined): Preferences {
  const preferences: { respond?: 'sync' | 'async'; wait?: number } = {};
  for (const item of (header ?? '').split(',')) {
    const [, token = '', , value = ''] =
      /^\s*([\w!#$%&'*+.^`|~-]+)\s*(=\s*"?([^";]*)"?)?\s*(;.*)?$/.exec(item) ?? [];
    const name = token.toLowerCase();
    // If a preference is repeated, the first one counts.
    if (name === 'respond-async') preferences.respond ??= 'async';
    else if (name === 'respond-sync') preferences.respond ??= 'sync';
    else if (name === 'wait' && /^\d{1,9}$/.test(value.trim())) preferences.wait ??= Number(value);
  }
  return preferences;
}

/** `Preference-Applied` (RFC 7240, clause 3) for a response that honours a preference. */
export function preferenceApplied(
  { respond, wait }: Preferences,
  answered: 'sync' | 'async',
): { readonly 'preference-applied': string } | undefined {
  const isHonoured = respond === answered;
  // If a wait ended without a result, `wait` was still applied.
  const applied = [
    ...(isHonoured ? [`respond-${answered}`] : []),
    ...(wait !== undefined && (isHonoured || respond === 'async') ? [`wait=${wait}`] : []),
  ];
  return applied.length === 0 ? undefined : { 'preference-applied': applied.join(', ') };
}
