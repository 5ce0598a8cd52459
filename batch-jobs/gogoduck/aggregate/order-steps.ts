/** One time step of one file. */
export interface Step {
  /** Milliseconds since 1970 (UTC). */
  readonly instant: number;
  /** Index of the file, from 0, in the order of the list. */
  readonly file: number;
  /** Index of the step in the file. */
  readonly index: number;
}

/** Steps that are adjacent both in a file and in the output. */
export interface StepRun {
  readonly file: number;
  readonly start: number;
  readonly count: number;
}

export interface OrderedSteps {
  readonly runs: readonly StepRun[];
  readonly instants: readonly number[];
  /** Number of steps left out because a later file has the same instant. */
  readonly repeated: number;
}

/**
 * Sorts steps by time, regardless of the order of the files. Of several steps at the same instant, only the
 * one of the last listed file is kept, which is the newer version if names or times show it.
 */
export function orderSteps(steps: readonly Step[]): OrderedSteps {
  const sorted = steps.toSorted(
    (a, b) => a.instant - b.instant || a.file - b.file || a.index - b.index,
  );
  const kept = sorted.filter((step, at) => step.instant !== sorted[at + 1]?.instant);
  return {
    runs: runsOf(kept),
    instants: kept.map(({ instant }) => instant),
    repeated: sorted.length - kept.length,
  };
}

/** Every `stride`-th step, starting with the first. */
export function everyNth(steps: OrderedSteps, stride: number): OrderedSteps {
  if (stride === 1) return steps;
  const each = steps.runs.flatMap(({ file, start, count }) =>
    Array.from({ length: count }, (_, step) => ({ file, index: start + step })),
  );
  return {
    runs: runsOf(each.filter((_, step) => step % stride === 0)),
    instants: steps.instants.filter((_, step) => step % stride === 0),
    repeated: steps.repeated,
  };
}

function runsOf(steps: readonly Pick<Step, 'file' | 'index'>[]): StepRun[] {
  const runs: StepRun[] = [];
  for (const { file, index } of steps) {
    const run = runs.at(-1);
    if (run && run.file === file && run.start + run.count === index) {
      runs[runs.length - 1] = { ...run, count: run.count + 1 };
    } else runs.push({ file, start: index, count: 1 });
  }
  return runs;
}
