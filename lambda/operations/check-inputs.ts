import type { InputValue, JobInput } from '../../batch-jobs/api/job.ts';
import type {
  ComplexInput,
  Format,
  InputDescription,
  LiteralInput,
  ProcessDescription,
} from '../../batch-jobs/api/process-description.ts';
import { OwsException } from '../wps/ows-exception.ts';
import type { ExecuteInput, FormatChoice, InputData } from '../wps/requests.ts';
import { checkLiteral } from './check-literal.ts';

/**
 * The inputs of a request, checked against the process description and with its defaults applied.
 *
 * @throws {OwsException} naming the first input at fault as locator
 */
export function checkInputs(
  process: ProcessDescription,
  inputs: readonly ExecuteInput[],
): JobInput[] {
  for (const { identifier } of inputs) {
    if (process.inputs.every((described) => described.identifier !== identifier)) {
      throw new OwsException(
        'InvalidParameterValue',
        `Process "${process.identifier}" has no input "${identifier}"; its inputs are ${list(process.inputs.map((input) => input.identifier))}.`,
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
        value: inputValue(described, input.data),
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

function inputValue(described: InputDescription, data: InputData): InputValue {
  switch (described.kind) {
    case 'literal':
      if (data.kind === 'literal' || data.kind === 'untyped') return literalOf(described, data);
      throw wrongKind(described, 'LiteralData', data);
    case 'complex':
      if (data.kind === 'complex') return complexOf(described, data);
      throw wrongKind(described, 'ComplexData', data);
    case 'bounding-box':
      throw wrongKind(described, 'BoundingBoxData', data);
  }
}

function literalOf(
  described: LiteralInput,
  data: { value: string; dataType?: string; uom?: string },
): InputValue {
  const value = checkLiteral(described, data.value);
  const uom = data.uom ?? described.uoms?.[0];
  if (data.uom !== undefined && !described.uoms?.includes(data.uom)) {
    throw new OwsException(
      'InvalidParameterValue',
      `Input "${described.identifier}" has unit "${data.uom}"; allowed: ${described.uoms ? list(described.uoms) : 'none'}.`,
      { locator: described.identifier },
    );
  }
  return {
    kind: 'literal',
    value,
    dataType: described.dataType,
    ...(uom === undefined ? {} : { uom }),
  };
}

function complexOf(
  described: ComplexInput,
  data: Extract<InputData, { kind: 'complex' }>,
): InputValue {
  const { identifier, formats, maximumMegabytes } = described;
  if (Buffer.byteLength(data.content) > maximumMegabytes * 1024 * 1024) {
    throw new OwsException(
      'FileSizeExceeded',
      `Input "${identifier}" is larger than ${maximumMegabytes} MiB.`,
      { locator: identifier },
    );
  }
  const format = chooseFormat(formats, data, `Input "${identifier}"`, identifier);
  return {
    kind: 'complex',
    mimeType: format.mimeType,
    ...(format.encoding === undefined ? {} : { encoding: format.encoding }),
    ...(format.schema === undefined ? {} : { schema: format.schema }),
    source: data.encoding === 'base64' ? { base64: data.content } : { text: data.content },
  };
}

/**
 * The format on offer that a choice means; what it leaves out is taken from the first that fits.
 *
 * @throws {OwsException} when none fits
 */
export function chooseFormat(
  formats: readonly [Format, ...Format[]],
  choice: FormatChoice,
  subject: string,
  locator: string,
): Format {
  const format = formats.find(
    ({ mimeType, encoding, schema }) =>
      (choice.mimeType === undefined || choice.mimeType.toLowerCase() === mimeType.toLowerCase()) &&
      (choice.encoding === undefined || choice.encoding === (encoding ?? choice.encoding)) &&
      (choice.schema === undefined || choice.schema === schema),
  );
  if (format) return format;
  const found = [choice.mimeType, choice.encoding, choice.schema]
    .filter((part) => part !== undefined)
    .join(', ');
  throw new OwsException(
    'InvalidParameterValue',
    `${subject} is not offered as "${found}"; allowed: ${list(formats.map((allowed) => allowed.mimeType))}.`,
    { locator },
  );
}

function wrongKind(described: InputDescription, wanted: string, data: InputData): OwsException {
  return new OwsException(
    'InvalidParameterValue',
    `Input "${described.identifier}" is given as ${data.kind}; allowed: ${wanted}.`,
    { locator: described.identifier },
  );
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(', ');
}
