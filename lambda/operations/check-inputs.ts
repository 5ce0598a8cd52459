import type { InputValue, JobInput } from '../../batch-jobs/api/job.ts';
import type {
  InputDescription,
  ProcessDescription,
} from '../../batch-jobs/api/process-description.ts';
import { checkAll, quoted, ServiceFault } from '../service-fault.ts';
import { checkBoundingBox, parseBoundingBox } from './check-bounding-box.ts';
import { checkComplex, checkReference } from './check-complex.ts';
import { checkLiteral } from './check-literal.ts';
import type { ExecuteInput, InputData } from './execute-command.ts';
import type { JsonCheck } from './json-check.ts';

/**
 * Checks the inputs of a request against the process description and applies defaults.
 *
 * @param referenceHosts hosts that inputs may be fetched from
 * @param checkJson what `jsonCheckFor` returns for these inputs
 * @throws {ServiceFault} naming the first input at fault as subject, and listing all others
 */
export function checkInputs(
  process: ProcessDescription,
  inputs: readonly ExecuteInput[],
  referenceHosts: readonly string[],
  checkJson?: JsonCheck,
): JobInput[] {
  const unknown = inputs.map(({ identifier }) => () => {
    checkIsKnown(process, identifier);
    return [];
  });
  const known = process.inputs.flatMap((described) => {
    const given = inputs.filter((input) => input.identifier === described.identifier);
    const occurrences = () => {
      checkOccurrences(described, given.length);
      return given.length === 0 ? defaultOf(described) : [];
    };
    const values = given.map((input) => () => [
      jobInput(described, input, referenceHosts, checkJson),
    ]);
    return [occurrences, ...values];
  });
  return checkAll<JobInput[]>([...unknown, ...known]).flat();
}

function checkIsKnown(process: ProcessDescription, identifier: string): void {
  if (process.inputs.some((described) => described.identifier === identifier)) return;
  throw new ServiceFault(
    'unknown-input',
    `Process "${process.identifier}" has no input "${identifier}"; its inputs are ${quoted(process.inputs.map((input) => input.identifier))}.`,
    { subject: identifier },
  );
}

function jobInput(
  described: InputDescription,
  { title, abstract, data }: ExecuteInput,
  referenceHosts: readonly string[],
  checkJson?: JsonCheck,
): JobInput {
  return {
    identifier: described.identifier,
    given: true,
    ...(title === undefined ? {} : { title }),
    ...(abstract === undefined ? {} : { abstract }),
    value: inputValue(described, data, referenceHosts, checkJson),
  };
}

function checkOccurrences(described: InputDescription, found: number): void {
  const { identifier, minOccurs, maxOccurs } = described;
  if (found === 0 && minOccurs > 0) {
    throw new ServiceFault('missing-input', `Input "${identifier}" is missing.`, {
      subject: identifier,
    });
  }
  if (found > maxOccurs || (found > 0 && found < minOccurs)) {
    const allowed = minOccurs === maxOccurs ? `${maxOccurs}` : `${minOccurs} to ${maxOccurs}`;
    throw new ServiceFault(
      found > maxOccurs ? 'too-many-inputs' : 'invalid-value',
      `Input "${identifier}" is given ${found} times; allowed: ${allowed}.`,
      { subject: identifier },
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
  checkJson?: JsonCheck,
): InputValue {
  switch (described.kind) {
    case 'literal':
      if (data.kind === 'literal' || data.kind === 'untyped') return checkLiteral(described, data);
      throw wrongKind(described, 'LiteralData', data);
    case 'complex':
      if (data.kind === 'complex') return checkComplex(described, data, data.content, checkJson);
      if (data.kind === 'untyped')
        return checkComplex(described, data, { text: data.value }, checkJson);
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

function wrongKind(described: InputDescription, wanted: string, data: InputData): ServiceFault {
  return new ServiceFault(
    'invalid-value',
    `Input "${described.identifier}" is given as ${data.kind}; allowed: ${wanted}.`,
    { subject: described.identifier },
  );
}
