import { distance } from 'fastest-levenshtein';

/** Maximum number of names to suggest. */
const offered = 3;

/**
 * The names that the user may have meant, the nearest first: those that differ in case or in a few letters,
 * and those that contain the name or are part of it.
 */
export function nearestNames(name: string, names: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const most = Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(names)]
    .map((candidate) => {
      const other = candidate.toLowerCase();
      const isPart =
        wanted.length >= 3 &&
        (other.includes(wanted) || (other.length >= 3 && wanted.includes(other)));
      const apart = distance(wanted, other);
      return { candidate, apart: isPart ? Math.min(apart, most) : apart };
    })
    .filter(({ apart }) => apart <= most)
    .sort((a, b) => a.apart - b.apart || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, offered)
    .map(({ candidate }) => candidate);
}

/** ` Did you mean "a" or "b"?`; empty if there are no names. */
export function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return '';
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.at(-1);
  const list = quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${last}` : last;
  return ` Did you mean ${list}?`;
}
