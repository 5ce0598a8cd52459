/** Reports progress in the form of the batch job API: `PROGRESS <percent> <message>`. */
export type Tell = (percent: number, message: string) => void;

/** A part of a run, from one percentage to another. */
export interface Phase {
  readonly from: number;
  readonly to: number;
  /** What is done with each file: `joining`. */
  readonly doing: string;
}

/** @returns a function to call when a file is started, with the number of files before it and in total */
export function phaseProgress(tell: Tell, { from, to, doing }: Phase) {
  return (index: number, of: number): void => {
    const percent = Math.floor(from + ((to - from) * index) / of);
    tell(percent, `${doing} file ${index + 1} of ${of}`);
  };
}

/**
 * Passes on the first report, and further reports at most once per interval, because printing a line takes
 * longer than a file.
 */
export function seldom(tell: Tell, milliseconds: number, now: () => number): Tell {
  let last = Number.NEGATIVE_INFINITY;
  return (percent, message) => {
    if (now() - last < milliseconds) return;
    last = now();
    tell(percent, message);
  };
}
