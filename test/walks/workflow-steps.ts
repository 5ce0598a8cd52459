import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '..', '..', '.github', 'workflows');

type Variables = Readonly<Record<string, string>>;

interface Job {
  readonly env?: Variables;
  readonly steps?: readonly { readonly run?: string; readonly env?: Variables }[];
}

/** A step of a workflow that GitHub runs in a shell. */
export interface ShellStep {
  readonly run: string;
  readonly variables: Variables;
}

/**
 * The steps of a job that GitHub runs with `bash -e -o pipefail`, in order. Steps that use an action are left
 * out.
 *
 * @param values values of the expressions in variables: `inputs.environment`
 * @throws when a variable is an expression without a value here
 */
export function shellSteps(file: string, job: string, values: Variables = {}): ShellStep[] {
  const { jobs }: { jobs: Readonly<Record<string, Job>> } = parse(
    readFileSync(join(folder, file), 'utf8'),
  );
  const { env = {}, steps } = jobs[job] ?? {};
  if (!steps) throw new Error(`${file} has no job ${job} with steps`);
  const resolved = (text: string) =>
    text.replaceAll(/\$\{\{ *([\w.]+) *\}\}/g, (_, expression: string) => {
      const value = values[expression];
      if (value === undefined) throw new Error(`${file}: nothing says what ${expression} is`);
      return value;
    });
  return steps.flatMap(({ run, env: own = {} }) =>
    run === undefined
      ? []
      : [
          {
            run,
            variables: Object.fromEntries(
              Object.entries({ ...env, ...own }).map(([name, text]) => [name, resolved(text)]),
            ),
          },
        ],
  );
}
