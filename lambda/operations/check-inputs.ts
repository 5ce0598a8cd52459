import type { InputValue, JobInput } from '../../batch-jobs/api/job.ts';
import type {
  InputDescription,
  ProcessDescription,
} from '../../batch-jobs/api/process-description.ts';
import { OwsException } from '../protocols/ows/ows-exception.ts';
import type { ExecuteInput, InputData } from '../protocols/wps-1.0/requests.ts';
import { checkBoundingBox, parseBoundingBox } from './check-bounding-box.ts';
import { checkComplex, checkReference } from './check-complex.ts';
import { checkLiteral } from './check-literal.ts';
import { quoted } from './quoted.ts';

/**
 * The inputs of a request, checked against the process description and with its defaults applied.
 *
 * @param referenceHosts hosts that inputs may be fetched from
 * @throws {OwsException} naming the first input at fault as locator
 */
export function checkInputs(
  process: ProcessDescription,
  inputs: readonly ExecuteInput[],
  referenceHosts: readonly string[],
): JobInput[] {
  for (const { identifier } of inputs) {
    if (process.inputs.every((described) => described.identifier !== identifier)) {
      throw new OwsException(
        'InvalidParameterValue',
        `Process "${process.identifier}" has no input "${identifier}"; its inputs are ${quoted(process.inputs.map((input) => input.identifier))}.`,
        { locator: identifier },
      );
    }
  }
  return process.inputs.flatMap((described) => {
    const given = inputs.filter((input) => input.identifier === described.identifier);
    checkOccurrences(described, given.length);
    if (given.length === 0) return defaultOf(described);
    return given.map(
      (input): JobInput => ({
        identifier: input.identifier,
        given: true,
        ...(input.title === undefined ? {} : { title: input.title }),
        ...(input.abstract === undefined ? {} : { abstract: input.abstract }),
        value: inputValue(described, input.data, referenceHosts),
      }),
    );
  });
}

function checkOccurrences(described: InputDescription, found: number): void {
  const { identifier, minOccurs, maxOccurs } = described;
  if (found === 0 && minOccurs > 0) {
    throw new OwsException('MissingParameterValue', `Input "${identifier}" is missing.`, {
      locator: identifier,
    });
  }
  if (found > maxOccurs || (found > 0 && found < minOccurs)) {
    const allowed = minOccurs === maxOccurs ? `${maxOccurs}` : `${minOccurs} to ${maxOccurs}`;
    throw new OwsException(
      'InvalidParameterValue',
      `Input "${identifier}" is given ${found} times; allowed: ${allowed}.`,
      { locator: identifier },
    );
  }
}

function defaultOf(described: InputDescription): JobInput[] {
  if (described.kind !== 'literal' || described.default === undefined) return [];
  const { identifier, dataType, uoms } = described;
  return [
    {
      identifier,
      given: false,
      value: {
        kind: 'literal',
        value: described.default,
        dataType,
        ...(uoms ? { uom: uoms[0] } : {}),
      },
    },
  ];
}

function inputValue(
  described: InputDescription,
  data: InputData,
  referenceHosts: readonly string[],
): InputValue {
  switch (described.kind) {
    case 'literal':
      if (data.kind === 'literal' || data.kind === 'untyped') return checkLiteral(described, data);
      throw wrongKind(described, 'LiteralData', data);
    case 'complex':
      if (data.kind === 'complex') return checkComplex(described, data, data.content);
      if (data.kind === 'untyped') return checkComplex(described, data, { text: data.value });
      if (data.kind === 'reference') return checkReference(described, data, referenceHosts);
      throw wrongKind(described, 'ComplexData or Reference', data);
    case 'bounding-box':
      if (data.kind === 'bounding-box') return checkBoundingBox(described, data);
      if (data.kind === 'untyped') {
        return checkBoundingBox(described, parseBoundingBox(described, data.value));
      }
      throw wrongKind(described, 'BoundingBoxData', data);
  }
}

function wrongKind(described: InputDescription, wanted: string, data: InputData): OwsException {
  return new OwsException(
    'InvalidParameterValue',
    `Input "${described.identifier}" is given as ${data.kind}; allowed: ${wanted}.`,
    { locator: described.identifier },
  );
}
