/** One time step of one file. */
export interface Step {
  /** Milliseconds since 1970 (UTC). */
  readonly instant: number;
  /** Which file, counted from 0 in the order of listing. */
  readonly file: number;
  /** Which step of the file. */
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
  /** Steps left out because a later file has the same instant. */
  readonly repeated: number;
}

/**
 * Puts steps in the order of time, regardless of the order of the files. Of steps at the same instant
 * one is kept: that of the file listed last, which is the newer version where names or times tell.
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

/** Every so manyth step, from the first on. */
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
