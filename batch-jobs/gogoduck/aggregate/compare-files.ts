import { readStored, unpacked } from '../grid/read-coordinate.ts';
import { JobError } from '../job-error.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import type { Encoding } from './encodings.ts';
import { type Positions, piecesOf, readEncodings, type Template } from './template.ts';

/** Degrees or metres by which a position may differ: rounding, but no other cell. */
const tolerance = 1e-5;

/**
 * Checks that a file is of the template's kind: the same variables, on the same grid.
 *
 * @returns the encodings of its variables that vary with time
 * @throws {JobError} when the two cannot be joined truthfully
 */
export function compareFiles(file: NetcdfFile, template: Template): Map<string, Encoding> {
  checkVariables(file, template);
  for (const variable of template.placing) checkPositions(file, variable, template);
  return readEncodings(
    template.varying.map((variable) => ownVariable(file, variable, template)),
    template.coordinates,
    template.header,
    (variable) => file.encodingAttributes(variable),
  );
}

function checkVariables(file: NetcdfFile, { header }: Template): void {
  for (const name of header.members) {
    if (!file.members.has(name)) throw differs(file.name, name, header.name);
  }
  for (const name of file.members) {
    if (!header.members.has(name)) throw differs(header.name, name, file.name);
  }
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
  const stored = readStored(file, own, piecesOf(own, template.cells));
  // Nearly always the bytes are the same; of floats, which are not packed, so are the values then.
  const isFloat = own.type === 'float' || own.type === 'double';
  const isSameType = own.type === variable.type;
  if (isFloat && isSameType && Buffer.compare(stored, expected.stored) === 0) return;
  const values = unpacked(own, file.encodingAttributes(own), stored);
  if (values.every((value, index) => isNear(value, expected.values[index] ?? Number.NaN))) return;
  throw otherGrid(file, variable, template);
}

/**
 * The template's variable as this file has it.
 *
 * @throws {JobError} when its shape is another, but for the number of time steps
 */
export function ownVariable(file: NetcdfFile, variable: Variable, template: Template): Variable {
  const layout = file.layout(variable.name);
  if (!layout) throw differs(file.name, variable.name, template.header.name);
  const isSame =
    layout.shape.length === variable.shape.length &&
    layout.shape.every(
      (size, axis) =>
        variable.dimensions[axis] === template.timeDimension || size === variable.shape[axis],
    );
  if (!isSame) throw otherGrid(file, variable, template);
  return { ...variable, ...layout };
}

function otherGrid(file: NetcdfFile, { name }: Variable, { header }: Template): JobError {
  return new JobError(
    'badData',
    `File "${file.name}" is on another grid than file "${header.name}": its ${name} differs. Files of two grids cannot be joined; a shorter period may hold files of one grid only.`,
  );
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= tolerance || (Number.isNaN(one) && Number.isNaN(other));
}
