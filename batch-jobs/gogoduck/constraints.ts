import type {
  AdviceSurroundings,
  Constraints,
  Coverage,
  CoverageVariable,
  InputConstraint,
  OutputConstraint,
} from '../api/process-advice.ts';
import type { LiteralInputs, WantedOutput } from '../api/process-description.ts';
import { JobError } from './job-error.ts';
import { coverageOfLayer, layerNames } from './layers.ts';
import { coveragesAtHand, variableNames } from './layers-at-hand.ts';
import { contentOf, resultFormatOf, resultFormats } from './result-format.ts';
import { parseVariables } from './selection.ts';

/**
 * What is left to choose: the layers that have the chosen variables, what the chosen layer has, and formats that
 * agree with each other.
 */
export async function constraints(
  inputs: LiteralInputs,
  outputs: readonly WantedOutput[],
  surroundings: AdviceSurroundings,
): Promise<Constraints> {
  const { variables } = surroundings;
  const layer = inputs['layer']?.[0]?.trim() ?? '';
  const [layers, coverage] = await Promise.all([
    layerConstraint(inputs['variables']?.[0], surroundings),
    coverageOfLayer(layer, variables),
  ]);
  const mime = inputs['aggregationOutputMime']?.[0]?.trim() || undefined;
  return {
    inputs: {
      ...(layers ? { layer: layers } : {}),
      ...(coverage ? coverageConstraints(coverage) : {}),
      ...contentConstraint(outputs),
    },
    outputs: resultConstraint(mime),
  };
}

/**
 * The layers of the folder that have what is wanted; undefined where they are not listed, as those of a WFS. One of
 * which nothing is known stays possible.
 */
async function layerConstraint(
  wantedText: string | undefined,
  surroundings: AdviceSurroundings,
): Promise<InputConstraint | undefined> {
  const names = await layerNames(surroundings.variables['GOGODUCK_LAYERS_DIR']);
  if (names.length === 0) return undefined;
  const wanted = (wantedText && attempt(() => parseVariables(wantedText))) || [];
  if (wanted.length === 0) return { values: names };
  const coverages = await coveragesAtHand(names, surroundings);
  const values = names.filter((name) => {
    const known = variableNames(coverages.get(name));
    return known === undefined || wanted.every((each) => known.has(each));
  });
  if (values.length === names.length) return { values };
  const quoted = wanted.map((each) => `"${each.slice(0, 60)}"`).join(', ');
  return {
    values,
    text:
      values.length === 0
        ? `No layer has ${quoted}: choose other variables.`
        : `Layers without ${quoted} cannot be chosen; ${values.length} of ${names.length} can.`,
  };
}

function coverageConstraints({
  bbox,
  period,
  depth,
  variables,
}: Coverage): Record<string, InputConstraint> {
  // Depths are known to be missing only where the files were looked into.
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

/** Names that a variable may be asked for by. */
function namesOf({ name, standardName }: CoverageVariable): string[] {
  // One with a modifier has a space in it, which stands between names.
  return standardName === undefined || /\s/.test(standardName) ? [name] : [name, standardName];
}

/** What the aggregation may be beside the format that output "result" is asked for in. */
function contentConstraint(outputs: readonly WantedOutput[]): Record<string, InputConstraint> {
  const result = outputs.find(({ identifier }) => identifier === 'result');
  if (outputs.length > 0 && !result) return {};
  const format = attempt(() => resultFormatOf(result?.mimeType, 'Output "result"'));
  if (format === undefined) return {};
  const values = resultFormats.filter((each) => agree(format, each));
  if (values.length === resultFormats.length) return {};
  return {
    aggregationOutputMime: {
      values,
      text: `Only what agrees with output "result" can be chosen, which is asked for as "${format}".`,
    },
  };
}

/** What output "result" may be beside `aggregationOutputMime`. */
function resultConstraint(asked: string | undefined): Record<string, OutputConstraint> {
  const content = attempt(() => asked && resultFormatOf(asked, 'Input "aggregationOutputMime"'));
  if (!content) return {};
  const formats = resultFormats.filter((each) => agree(each, content));
  return {
    result: {
      formats,
      text: `Only what agrees with the format of the aggregation can be chosen, which is "${content}".`,
    },
  };
}

function agree(result: (typeof resultFormats)[number], content: string): boolean {
  return attempt(() => contentOf(result, content)) !== undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof JobError) return undefined;
    throw error;
  }
}
