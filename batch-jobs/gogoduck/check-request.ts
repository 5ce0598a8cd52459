import type { InputFault, LiteralInputs, WantedOutput } from '../api/process-description.ts';
import { JobError } from './job-error.ts';
import { checkLayerName } from './layer-name.ts';
import { contentOf, resultFormatOf } from './result-format.ts';
import { parseStride, parseVariables } from './selection.ts';
import { parseSubset } from './subset.ts';

/**
 * Faults that no data could satisfy: a subset that cannot be read or is empty, an invalid layer name, formats
 * that contradict each other. Such a request is refused before a job is created.
 */
export function checkRequest(
  inputs: LiteralInputs,
  outputs: readonly WantedOutput[],
): InputFault[] {
  const result = outputs.find(({ identifier }) => identifier === 'result');
  const checks: Readonly<Record<string, (value: string) => unknown>> = {
    layer: checkLayerName,
    subset: parseSubset,
    variables: parseVariables,
    stride: parseStride,
    aggregationOutputMime: (value) =>
      contentOf(result && resultFormatOf(result.mimeType, 'Output "result"'), value),
  };
  return Object.entries(checks).flatMap(([input, check]) => {
    const value = inputs[input]?.[0]?.trim();
    const text = value ? faultOf(() => check(value)) : undefined;
    return text === undefined ? [] : [{ input, text }];
  });
}

function faultOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof JobError) return error.message;
    throw error;
  }
}
