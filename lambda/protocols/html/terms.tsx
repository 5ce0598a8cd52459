import type { Terms } from './terms-of-job.ts';
import { words } from './words.ts';

/** Licence and citation of data, as rows of a list of facts; empty if both are unknown. */
export function TermsRows({ terms: { licence, citation } }: { readonly terms: Terms }) {
  const rows: [string, string | undefined][] = [
    [words.coverage.licence, licence],
    [words.coverage.citation, citation],
  ];
  return (
    <>
      {rows.map(([name, value]) =>
        value === undefined ? undefined : (
          <>
            <dt>{name}</dt>
            <dd>{isWebAddress(value) ? <a href={value}>{value}</a> : value}</dd>
          </>
        ),
      )}
    </>
  );
}

/** Only `http` and `https` URLs are linked, whatever the data says. */
function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}
