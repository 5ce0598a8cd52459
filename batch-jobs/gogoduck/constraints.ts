import type {
  AdviceSurroundings,
  Constraints,
  Coverage,
  CoverageVariable,
  InputConstraint,
  OutputConstraint,
} from '../api/process-advice.ts';
import type { LiteralInputs, WantedOutput } from '../api/process-description.ts';
import { ifReadable } from './job-error.ts';
import { layerConstraint } from './layer-constraint.ts';
import { Layers } from './layers.ts';
import { contentOf, resultFormatOf, resultFormats } from './result-format.ts';

/**
 * What the user can still choose: the layers that satisfy the other choices, the content of the chosen layer,
 * and formats that agree with each other.
 */
export async function constraints(
  inputs: LiteralInputs,
  outputs: readonly WantedOutput[],
  surroundings: AdviceSurroundings,
): Promise<Constraints> {
  const layers = await Layers.of(surroundings);
  const [layer, coverage] = await Promise.all([
    layerConstraint(inputs, layers),
    layers.coverage(inputs['layer']?.[0]?.trim() ?? ''),
  ]);
  const mime = inputs['aggregationOutputMime']?.[0]?.trim() || undefined;
  return {
    inputs: {
      ...(layer ? { layer } : {}),
      ...(coverage ? coverageConstraints(coverage) : {}),
      ...contentConstraint(outputs),
    },
    outputs: resultConstraint(mime),
  };
}

function coverageConstraints({
  bbox,
  period,
  depth,
  variables,
}: Coverage): Record<string, InputConstraint> {
  // Depths are known to be missing only if the files were inspected.
  const extent = {
    ...(bbox ? { bbox, depth: depth ?? null } : {}),
    ...(period ? { period } : {}),
  };
  return {
    ...(Object.keys(extent).length > 0 ? { subset: { extent } } : {}),
    ...(variables
      ? {
          variables: {
            values: [...new Set(variables.flatMap(namesOf))],
          },
        }
      : {}),
  };
}

/** Names by which a variable may be requested. */
function namesOf({ name, standardName }: CoverageVariable): string[] {
  // A standard name with a modifier contains a space, which also separates names.
  return standardName === undefined || /\s/.test(standardName) ? [name] : [name, standardName];
}

/** Formats of the aggregation that agree with the requested format of output "result". */
function contentConstraint(outputs: readonly WantedOutput[]): Record<string, InputConstraint> {
  const result = outputs.find(({ identifier }) => identifier === 'result');
  if (outputs.length > 0 && !result) return {};
  const format = ifReadable(() => resultFormatOf(result?.mimeType, 'Output "result"'));
  if (format === undefined) return {};
  const values = resultFormats.filter((each) => agree(format, each));
  if (values.length === resultFormats.length) return {};
  return {
    aggregationOutputMime: {
      values,
      text: `Only what agrees with the format of the result can be chosen, which is ${format}.`,
    },
  };
}

/** Formats of output "result" that agree with `aggregationOutputMime`. */
function resultConstraint(asked: string | undefined): Record<string, OutputConstraint> {
  const content = ifReadable(() => asked && resultFormatOf(asked, 'Input "aggregationOutputMime"'));
  if (!content) return {};
  const formats = resultFormats.filter((each) => agree(each, content));
  return {
    result: {
      formats,
      text: `Only what agrees with the data inside the ZIP can be chosen, which is ${content}.`,
    },
  };
}

function agree(result: (typeof resultFormats)[number], content: string): boolean {
  return ifReadable(() => contentOf(result, content)) !== undefined;
}
