import { attributesOf, type Header } from '../grid/header.ts';
import { readStored, unpacked } from '../grid/read-coordinate.ts';
import { sameUnits } from '../grid/same-units.ts';
import { piecesOf } from '../grid/select-cells.ts';
import { isTimeUnit } from '../grid/time-units.ts';
import { JobError } from '../job-error.ts';
import { textOf } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { isInteger } from '../netcdf/types.ts';
import type { Encoding } from './encodings.ts';
import { type Positions, readEncodings, type Template } from './template.ts';

/** Largest difference between equal positions, in degrees or metres: more than rounding, less than a cell. */
const tolerance = 1e-5;

/** Differences between a file and the template that do not prevent joining. */
export interface Differences {
  /** Encodings of the variables that vary with time. */
  readonly encodings: ReadonlyMap<string, Encoding>;
  /** Variables that vary with time in the template, and are missing in the file. */
  readonly lacking: readonly string[];
  /** Variables that the template does not have. */
  readonly extra: readonly string[];
  /** Lengths of texts that differ from the template, by the name of their dimension. */
  readonly textLengths: ReadonlyMap<string, number>;
}

/**
 * Checks that a file is of the template's kind: the same variables, on the same grid.
 *
 * @throws {JobError} if joining the two would misrepresent the data
 */
export function compareFiles(file: NetcdfFile, template: Template): Differences {
  const { lacking, extra } = compareVariables(file, template);
  for (const variable of template.placing) checkPositions(file, variable, template);
  const textLengths = new Map<string, number>();
  const own = template.varying
    .filter(({ name }) => !lacking.includes(name))
    .map((variable) => {
      const found = ownVariable(file, variable, template);
      const last = variable.dimensions.at(-1);
      const length = found.shape.at(-1);
      if (variable.type === 'char' && last !== undefined && length !== variable.shape.at(-1)) {
        textLengths.set(last, length ?? 0);
      }
      return found;
    });
  const encodings = readEncodings(own, template.coordinates, template.header, (variable) =>
    file.encodingAttributes(variable),
  );
  return { encodings, lacking, extra, textLengths };
}

function compareVariables(
  file: NetcdfFile,
  template: Template,
): Pick<Differences, 'lacking' | 'extra'> {
  const { header, varying, coordinates, known } = template;
  // Files of the same kind have the same members, so there is no need to compare variables one by one.
  const isSame =
    file.members.size === header.members.size &&
    // Stryker disable next-line ArrowFunction: variables that are compared one by one are the same as well
    [...header.members].every((name) => file.members.has(name));
  if (isSame) return { lacking: [], extra: [] };
  const lacking = varying.filter(({ name }) => !file.variables.has(name)).map(({ name }) => name);
  const needed = [...template.placing, ...(coordinates.time ? [coordinates.time] : [])];
  const [missing] = needed.filter(({ name }) => !file.variables.has(name));
  const isData = ({ name }: Variable) => !needed.some((each) => each.name === name);
  if (missing || (lacking.length > 0 && lacking.length === varying.filter(isData).length)) {
    throw differs(file.name, missing?.name ?? (lacking[0] as string), header.name);
  }
  return { lacking, extra: [...file.variables.keys()].filter((name) => !known.has(name)) };
}

function differs(name: string, variable: string, other: string): JobError {
  return new JobError(
    'badData',
    `File "${name}" has no variable ${variable}, which file "${other}" has. Only files of one kind can be joined; a shorter period may hold such.`,
  );
}

function checkPositions(file: NetcdfFile, variable: Variable, template: Template): void {
  const own = ownVariable(file, variable, template);
  const expected = template.positions.get(variable.name) as Positions;
  if (own.type === 'string') {
    const texts = file.readStrings(own, wholeOf(own));
    if (texts.every((text, index) => text === expected.texts?.[index])) return;
    throw otherGrid(file, variable, template);
  }
  const attributes = file.encodingAttributes(own);
  for (const name of ['units', 'positive']) {
    const [is, was] = [textOf(attributes.get(name)), textOf(expected.attributes.get(name))];
    if (is?.toLowerCase() !== was?.toLowerCase() && !(name === 'units' && sameUnits(is, was))) {
      throw new JobError(
        'badData',
        `File "${file.name}" has ${variable.name} with ${name} "${is ?? ''}", but file "${template.header.name}" has it with "${was ?? ''}"; they cannot be joined. A shorter period may hold files of one kind only.`,
      );
    }
  }
  const stored = readStored(file, own, piecesOf(own, template.cells));
  // Nearly always the bytes are the same. Floats are not packed, so equal bytes mean equal values.
  const isExact = !isInteger(own.type);
  const isSameType = own.type === variable.type;
  if (isExact && isSameType && Buffer.compare(stored, expected.stored) === 0) return;
  if (own.type !== 'char') {
    const values = unpacked(own, attributes, stored);
    if (values.every((value, index) => isNear(value, expected.values[index] ?? Number.NaN))) return;
  }
  throw otherGrid(file, variable, template);
}

function wholeOf({ shape }: Variable) {
  return { start: shape.map(() => 0), count: shape };
}

/**
 * The template's variable with this file's layout.
 *
 * @throws {JobError} if its shape differs in anything except the number of time steps and the length of
 *   texts, or if its dimensions are in a different order
 */
export function ownVariable(file: NetcdfFile, variable: Variable, template: Template): Variable {
  const layout = file.layout(variable.name);
  if (!layout) throw differs(file.name, variable.name, template.header.name);
  const { dimensions } = variable;
  const isText = variable.type === 'char' && layout.type === 'char';
  const isSame =
    layout.shape.length === variable.shape.length &&
    layout.shape.every(
      (size, axis) =>
        dimensions[axis] === template.timeDimension ||
        size === variable.shape[axis] ||
        (isText && template.textDimensions.has(dimensions[axis] as string)),
    );
  // If all sizes differ, they identify the dimensions.
  const isPlain = new Set(layout.shape).size === layout.shape.length;
  if (isSame && !isPlain) {
    const found = file.variables.get(variable.name)?.dimensions ?? [];
    const isMixed = found.some((name, axis) => name !== dimensions[axis]);
    if (isMixed) throw otherOrder(file, { ...variable, dimensions: found }, variable, template);
  }
  if (!isSame) throw otherGrid(file, variable, template);
  return { ...variable, ...layout };
}

function otherOrder(
  file: NetcdfFile,
  own: Variable,
  variable: Variable,
  { header }: Template,
): JobError {
  const inWords = ({ name, dimensions }: Variable) => `${name}(${dimensions.join(', ')})`;
  return new JobError(
    'badData',
    `File "${file.name}" has ${inWords(own)}, but file "${header.name}" has ${inWords(variable)}; they cannot be joined. A shorter period may hold files of one kind only.`,
  );
}

function otherGrid(file: NetcdfFile, variable: Variable, template: Template): JobError {
  const { header, timeDimension = '' } = template;
  const { name } = variable;
  if (isOfTimes(header, variable)) {
    return new JobError(
      'badData',
      `File "${file.name}" has other times in ${name} than file "${header.name}". Files are joined along one time axis, ${timeDimension}, and must be alike in others; allowed: variables without ${variable.dimensions.join(', ')}, or a shorter period.`,
    );
  }
  return new JobError(
    'badData',
    `File "${file.name}" is on another grid than file "${header.name}": its ${name} differs. Files of two grids cannot be joined; a shorter period may hold files of one grid only.`,
  );
}

/** Whether a coordinate contains times: those of data, or of the runs of a forecast. */
function isOfTimes(header: Header, variable: Variable): boolean {
  return isTimeUnit(textOf(attributesOf(header, variable).get('units')) ?? '');
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= tolerance || (Number.isNaN(one) && Number.isNaN(other));
}
