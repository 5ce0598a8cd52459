import { boundsName } from '../grid/find-coordinates.ts';
import { flagAttributes } from '../grid/flags.ts';
import { attributesOf } from '../grid/header.ts';
import { totalCount } from '../grid/index-range.ts';
import { piecesOf } from '../grid/select-cells.ts';
import type { Attribute, Attributes } from '../netcdf/attributes.ts';
import type { NetcdfDefinition, VariableDefinition } from '../netcdf/define-netcdf.ts';
import type { Dimension, Variable } from '../netcdf/netcdf-file.ts';
import { packedAttributes, packingAttributes, packingOf } from '../netcdf/packing.ts';
import {
  defaultFillValues,
  type NetcdfType,
  type NumericType,
  numbersOf,
  sizeOf,
} from '../netcdf/types.ts';
import type { Extents } from './chunking.ts';
import { discoveryAttributes, type Identity } from './discovery-attributes.ts';
import type { Treatment } from './encodings.ts';
import type { Plan } from './scan-files.ts';
import { storageInOutput } from './storage.ts';
import type { Template } from './template.ts';
import { trueAttributes } from './true-attributes.ts';

/** A variable of the output, and how it is created. */
export interface OutputVariable {
  /** The variable in the template. */
  readonly source: Variable;
  readonly definition: VariableDefinition;
  readonly extents: Extents;
  readonly treatment: OutputTreatment;
  /** Whether its chunks are copied unchanged from the sources. */
  readonly copied: boolean;
}

/** `shift` moves longitudes by whole circles, so that they rise (or fall) throughout. */
export type OutputTreatment =
  | Treatment
  | {
      readonly kind: 'shift';
      readonly type: 'float' | 'double';
      readonly degrees: readonly number[];
    };

export interface Output {
  readonly variables: readonly OutputVariable[];
  readonly definition: NetcdfDefinition;
}

/** Defines the NetCDF file that a plan produces: its variables, their sizes, and its attributes. */
export function defineOutput(plan: Plan, identity: Identity): Output {
  const { template } = plan;
  const { header, timeDimension } = template;
  const dimensions = [...header.dimensions.values()].map((dimension) => ({
    name: dimension.name,
    size: sizeInOutput(dimension, plan),
    unlimited: dimension.name === timeDimension,
  }));
  const sizes = new Map(dimensions.map(({ name, size }) => [name, size]));
  const variables = [...header.variables.values()].map((source): OutputVariable => {
    const treatment = shiftOf(source, template) ??
      plan.treatments.get(source.name) ?? { kind: 'as-stored' };
    const type = typeInOutput(source, treatment);
    const extents = {
      counts: source.dimensions.map((name) => sizes.get(name) ?? 0),
      timeAxis: timeDimension === undefined ? -1 : source.dimensions.indexOf(timeDimension),
      cellSize: sizeOf(type),
    };
    const storage = storageInOutput(
      source,
      template.storage.get(source.name),
      treatment.kind === 'as-stored',
      extents,
      piecesOf(source, template.cells),
      plan.steps.runs,
    );
    return {
      source,
      treatment,
      copied: storage.copied,
      extents,
      definition: {
        name: source.name,
        type,
        dimensions: source.dimensions,
        attributes: trueAttributes(
          attributesInOutput(source, type, treatment, template),
          source,
          plan,
        ),
        chunk: storage.chunk,
        ...(storage.compression ? { compression: storage.compression } : {}),
      },
    };
  });
  return {
    variables,
    definition: {
      dimensions,
      variables: variables.map(({ definition }) => definition),
      attributes: discoveryAttributes(plan, identity),
    },
  };
}

function sizeInOutput({ name, size }: Dimension, { template, steps }: Plan): number {
  if (name === template.timeDimension) return steps.instants.length;
  const ranges = template.cells.ranges.get(name);
  return ranges ? totalCount(ranges) : size;
}

/** Longitudes and their bounds are shifted if their columns come from both sides of a seam. */
function shiftOf(source: Variable, template: Template): OutputTreatment | undefined {
  const { cells, coordinates, header } = template;
  const packing = packingOf(source.type, attributesOf(header, source));
  if (!packing || cells.shifts.size === 0) return undefined;
  for (const longitude of [coordinates.longitude, ...coordinates.others.longitudes]) {
    const degrees = cells.shifts.get(longitude.dimensions[0] ?? '');
    const bounds = boundsName(attributesOf(header, longitude));
    const isOwn = source.name === longitude.name || source.name === bounds;
    if (degrees && isOwn) return { kind: 'shift', type: packing.unpackedType, degrees };
  }
  return undefined;
}

function typeInOutput({ type }: Variable, treatment: OutputTreatment): NetcdfType {
  if (treatment.kind === 'instants') return 'double';
  return treatment.kind === 'as-stored' ? type : treatment.type;
}

/** Attributes of packed numbers do not apply to unpacked values, which need a fill value of their own. */
function attributesInOutput(
  source: Variable,
  type: NetcdfType,
  treatment: OutputTreatment,
  { header, coordinates }: Template,
): Attributes {
  const { kind } = treatment;
  const attributes = attributesOf(header, source);
  if (kind === 'as-stored') return attributes;
  if (treatment.kind === 'recode') return recodedAttributes(attributes, treatment);
  const kept = [...attributes].filter(([name]) => !packedAttributes.has(name));
  // A coordinate has no missing values (CF conventions 1.11, section 2.5.1).
  if (kind === 'shift' || source.name === coordinates.time?.name) return new Map(kept);
  return new Map([['_FillValue', fillAttribute(type as NumericType)], ...kept]);
}

/** Attributes that must have the variable's own type (CF conventions 1.11, section 3.5). */
const ofOwnType = new Set([...flagAttributes, 'valid_min', 'valid_max', 'valid_range']);

function recodedAttributes(
  attributes: Attributes,
  { type, fill }: Extract<Treatment, { kind: 'recode' }>,
): Attributes {
  const kept = [...attributes].flatMap(([name, attribute]): [string, Attribute][] => {
    if (packingAttributes.has(name)) return [];
    if (!ofOwnType.has(name) || attribute.kind !== 'numbers') return [[name, attribute]];
    const values = numbersOf(type, [...attribute.values]);
    return [[name, { kind: 'numbers', type, values }]];
  });
  const values = numbersOf(type, [fill]);
  return new Map<string, Attribute>([['_FillValue', { kind: 'numbers', type, values }], ...kept]);
}

function fillAttribute(type: NumericType): Attribute {
  return { kind: 'numbers', type, values: numbersOf(type, [defaultFillValues[type] ?? 0]) };
}
