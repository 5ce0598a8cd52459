/** Tells how far a run is, as the batch job API says: `PROGRESS <percent> <message>`. */
export type Tell = (percent: number, message: string) => void;

/** A part of a run that takes it from one percentage to another. */
export interface Phase {
  readonly from: number;
  readonly to: number;
  /** What is done to each file: `joining`. */
  readonly doing: string;
}

/** @returns to be called as each file is begun, with how many were before it and how many there are */
export function phaseProgress(tell: Tell, { from, to, doing }: Phase) {
  return (index: number, of: number): void => {
    const percent = Math.floor(from + ((to - from) * index) / of);
    tell(percent, `${doing} file ${index + 1} of ${of}`);
  };
}

/** Passes on the first word, and others when an interval has gone by: a line costs more than a file. */
export function seldom(tell: Tell, milliseconds: number, now: () => number): Tell {
  let last = Number.NEGATIVE_INFINITY;
  return (percent, message) => {
    if (now() - last < milliseconds) return;
    last = now();
    tell(percent, message);
  };
}
