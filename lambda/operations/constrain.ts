import type { Constraints, InputConstraint } from '../../batch-jobs/api/process-advice.ts';
import type {
  Format,
  InputDescription,
  LiteralInput,
  ProcessDescription,
  WantedOutput,
} from '../../batch-jobs/api/process-description.ts';
import { literalsOf, surroundings } from './advise.ts';
import { isAllowed } from './check-literal.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExecuteCommand } from './execute-command.ts';
import { describeProcess } from './processes.ts';

/** The values still possible for each input and output that is limited at all. */
export type PossibleValues = Required<Constraints>;

/**
 * The values still possible, given what a request already says: those that the description allows and the
 * process leaves. Runs nothing and stores nothing.
 *
 * @throws {ServiceFault} `unknown-process`
 */
export async function constraintsOn(
  command: Pick<ExecuteCommand, 'process' | 'inputs' | 'outputs'>,
  dependencies: Dependencies,
): Promise<PossibleValues> {
  const process = describeProcess(command.process, dependencies);
  const said = await constraintsOf(process, command, dependencies);
  return {
    inputs: byIdentifier(process.inputs, (input) => inputConstraint(input, said)),
    outputs: byIdentifier(process.outputs, (output) => {
      const own = said.outputs?.[output.identifier];
      if (output.kind !== 'complex') return own;
      return { ...own, formats: left(output.formats.map(mimeTypeOf), own?.formats) };
    }),
  };
}

async function constraintsOf(
  process: ProcessDescription,
  { inputs, outputs }: Pick<ExecuteCommand, 'inputs' | 'outputs'>,
  dependencies: Dependencies,
): Promise<Constraints> {
  try {
    const { constraints } = (await process.advice?.()) ?? {};
    const literals = literalsOf(process, inputs);
    const wanted = outputs.map((output) => wantedOutput(process, output));
    return (await constraints?.(literals, wanted, surroundings(process, dependencies))) ?? {};
  } catch (error) {
    // The description remains valid.
    dependencies.log.error('a request was not constrained', { process: process.identifier }, error);
    return {};
  }
}

/** An output without a format gets the first format. */
function wantedOutput(
  { outputs }: ProcessDescription,
  { identifier, mimeType }: ExecuteCommand['outputs'][number],
): WantedOutput {
  const described = outputs.find((output) => output.identifier === identifier);
  const first = described?.kind === 'complex' ? described.formats[0].mimeType : undefined;
  const format = mimeType ?? first;
  return { identifier, ...(format === undefined ? {} : { mimeType: format }) };
}

function inputConstraint(
  input: InputDescription,
  { inputs }: Constraints,
): InputConstraint | undefined {
  const own = inputs?.[input.identifier];
  if (input.kind !== 'literal' || !input.allowedValues) return own;
  const { values, ranges } = allowedOf(input, input.allowedValues, own);
  return {
    ...own,
    ...(values.length > 0 || ranges.length === 0 ? { values } : {}),
    ...(ranges.length > 0 ? { ranges } : {}),
  };
}

/** The values that the process names replace those of the description and never add to them. */
function allowedOf(
  input: LiteralInput,
  allowedValues: NonNullable<LiteralInput['allowedValues']>,
  own: InputConstraint = {},
) {
  if (own.values || own.ranges) {
    const values = own.values?.filter((value) => isAllowed(input, value)) ?? [];
    return { values, ranges: own.ranges ?? [] };
  }
  return {
    values: allowedValues.filter((allowed) => typeof allowed === 'string'),
    ranges: allowedValues.filter((allowed) => typeof allowed !== 'string'),
  };
}

/** In the order of the description; a process adds nothing to it. */
function left(described: readonly string[], own: readonly string[] | undefined): string[] {
  return described.filter((each) => own === undefined || own.includes(each));
}

function mimeTypeOf({ mimeType }: Format): string {
  return mimeType;
}

function byIdentifier<Described extends { readonly identifier: string }, Constraint extends object>(
  described: readonly Described[],
  constraintOf: (one: Described) => Constraint | undefined,
): Readonly<Record<string, Constraint>> {
  return Object.fromEntries(
    described.flatMap((one) => {
      const constraint = constraintOf(one);
      return constraint ? [[one.identifier, constraint]] : [];
    }),
  );
}
