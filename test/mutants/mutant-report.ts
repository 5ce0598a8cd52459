import { dirname } from 'node:path';

/** The result of a mutant, as `lines-reporter.mjs` records it. */
export interface TriedMutant {
  readonly fileName: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
  readonly mutatorName: string;
  readonly replacement?: string;
  /** Tests noticed `Killed` and `Timeout`, but not `Survived` and `NoCoverage`. */
  readonly status: string;
}

const noticed = ['Killed', 'Timeout'];
const unnoticed = ['Survived', 'NoCoverage'];

/**
 * The share of mutants that tests notice, by folder, and every unnoticed mutant.
 *
 * @param chosen number of mutants that were to be tried
 */
export function mutantReport(tried: readonly TriedMutant[], chosen: number): string {
  const counted = tried.filter(({ status }) => [...noticed, ...unnoticed].includes(status));
  const folders = [...new Set(counted.map(({ fileName }) => dirname(fileName)))].sort();
  const row = (name: string, mutants: readonly TriedMutant[]) => {
    const killed = mutants.filter(({ status }) => noticed.includes(status)).length;
    const share = mutants.length === 0 ? '-' : `${Math.round((100 * killed) / mutants.length)} %`;
    return `| ${name} | ${mutants.length} | ${killed} | ${share} |`;
  };
  const survivors = counted
    .filter(({ status }) => unnoticed.includes(status))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return [
    '| folder | tried | noticed | share |',
    '|---|---|---|---|',
    ...folders.map((folder) =>
      row(
        folder,
        counted.filter(({ fileName }) => dirname(fileName) === folder),
      ),
    ),
    row('**all**', counted),
    '',
    ...(tried.length < chosen
      ? [`${chosen - tried.length} of ${chosen} were not tried in the time that was given.`, '']
      : []),
    ...(survivors.length === 0 ? ['No test failed to notice.'] : ['No test noticed:', '']),
    ...survivors.map(
      (mutant) =>
        `- ${placeOf(mutant)} ${mutant.mutatorName}${mutant.status === 'NoCoverage' ? ' (no test runs it)' : ''}: \`${oneLine(mutant.replacement ?? '')}\``,
    ),
    '',
  ].join('\n');
}

function placeOf({ fileName, location: { start } }: TriedMutant): string {
  return `${fileName}:${start.line}:${start.column}`;
}

function oneLine(text: string): string {
  const joined = text.replaceAll(/\s+/g, ' ');
  return joined.length > 80 ? `${joined.slice(0, 77)}...` : joined;
}
