/** What a client would like of the way it is answered (RFC 7240; OGC 18-062r2, clause 7.11.2.3). */
export interface Preferences {
  readonly respond?: 'sync' | 'async';
  /** How long it would wait, in seconds (RFC 7240, clause 4.3). */
  readonly wait?: number;
}

/** What is not known, or makes no sense, is ignored: a preference is a wish (RFC 7240, clause 2). */
export function parsePrefer(header: string | undefined): Preferences {
  const preferences: { respond?: 'sync' | 'async'; wait?: number } = {};
  for (const item of (header ?? '').split(',')) {
    const [, token = '', , value = ''] =
      /^\s*([\w!#$%&'*+.^`|~-]+)\s*(=\s*"?([^";]*)"?)?\s*(;.*)?$/.exec(item) ?? [];
    const name = token.toLowerCase();
    // The first of several counts.
    if (name === 'respond-async') preferences.respond ??= 'async';
    else if (name === 'respond-sync') preferences.respond ??= 'sync';
    else if (name === 'wait' && /^\d{1,9}$/.test(value.trim())) preferences.wait ??= Number(value);
  }
  return preferences;
}

/** `Preference-Applied` (RFC 7240, clause 3) for an answer that was given in a way that was wished. */
export function preferenceApplied(
  { respond, wait }: Preferences,
  answered: 'sync' | 'async',
): { readonly 'preference-applied': string } | undefined {
  const isHonoured = respond === answered;
  // Waiting that ended without a result was still waiting.
  const applied = [
    ...(isHonoured ? [`respond-${answered}`] : []),
    ...(wait !== undefined && (isHonoured || respond === 'async') ? [`wait=${wait}`] : []),
  ];
  return applied.length === 0 ? undefined : { 'preference-applied': applied.join(', ') };
}
