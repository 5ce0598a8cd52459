/** Formats amounts for people, on pages and in mails. */

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units, with two or three digits: `12.4 MB`. */
export function readableBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** All digits of a whole number: `12 438 112`. */
export function exactNumber(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, '\u00a0');
}

/** A length of time in its two largest units: `2 h 5 min`. */
export function readableDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 1) return 'less than 1 s';
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/** US dollars to the cent, smaller amounts to two digits: `US$0.42`, `US$0.0012`. */
export function readableUsd(usd: number): string {
  const digits = usd === 0 || usd >= 0.1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(usd)));
  return `US$${usd.toFixed(digits)}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An instant in UTC, to the second: `28 Nov 2026, 03:01:12 UTC`. Any other text is returned unchanged. */
export function readableInstant(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const day = `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  return `${day}, ${at.toISOString().slice(11, 19)} UTC`;
}
