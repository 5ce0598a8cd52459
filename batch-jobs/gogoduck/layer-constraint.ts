import type { Coverage, InputConstraint } from '../api/process-advice.ts';
import type { LiteralInputs } from '../api/process-description.ts';
import { ifReadable } from './job-error.ts';
import { type Layers, variableNames } from './layers.ts';
import { parseVariables } from './selection.ts';
import { parseSubset, type Range, type Subset } from './subset.ts';

/** A choice of the user, and whether a layer may satisfy it. */
interface Wish {
  /** Describes the layers that do not satisfy it. */
  readonly lack: string;
  /** True for a layer about which this is unknown. */
  readonly mayHave: (coverage: Coverage | undefined) => boolean;
}

/**
 * The layers that have data for the other choices: the variables, the area and the period. A layer about
 * which this is unknown stays possible.
 *
 * @returns undefined if there are no layers at all
 */
export async function layerConstraint(
  inputs: LiteralInputs,
  layers: Layers,
): Promise<InputConstraint | undefined> {
  const listed = await layers.list();
  if (!listed) {
    return layers.areRemote
      ? { text: 'The names of the layers are not listed here: type the name of one.' }
      : undefined;
  }
  const wishes = wishesOf(inputs);
  const isLooked = wishes.length > 0 || layers.areRemote;
  const coverages = isLooked ? await layers.coverages(listed, false) : new Map();
  const names = listed.map(({ name }) => name).filter((name) => layers.isUsable(name));
  if (names.length === 0) return { text: 'There are no layers yet.' };
  const values = names.filter((name) =>
    wishes.every(({ mayHave }) => mayHave(coverages.get(name))),
  );
  if (values.length === names.length) return { values };
  const effective = wishes.filter(({ mayHave }) =>
    names.some((name) => !mayHave(coverages.get(name))),
  );
  const lacks = effective.map(({ lack }) => lack).join(' or ');
  return {
    values,
    text:
      values.length === 0
        ? `Every layer is ${lacks}: change that, or clear it to choose from all layers.`
        : `Layers that are ${lacks} cannot be chosen; ${values.length} of ${names.length} can.`,
  };
}

function wishesOf(inputs: LiteralInputs): Wish[] {
  const text = inputs['variables']?.[0];
  const variables = (text && ifReadable(() => parseVariables(text))) || [];
  const { latitude, longitude, time } = knownParts(inputs['subset']?.[0] ?? '');
  const wishes: (Wish | false | undefined)[] = [
    variables.length > 0 && {
      lack: `without ${variables.map((each) => `"${each.slice(0, 60)}"`).join(', ')}`,
      mayHave: (coverage) => {
        const known = variableNames(coverage);
        return known === undefined || variables.every((each) => known.has(each));
      },
    },
    (latitude || longitude) && {
      lack: 'outside the area',
      mayHave: (coverage) => mayMeet(coverage, latitude, longitude),
    },
    time && {
      lack: 'outside the period',
      mayHave: (coverage) => mayBeAt(coverage, time),
    },
  ];
  return wishes.filter((wish) => typeof wish === 'object');
}

/** The parts of a subset that are already readable, while others are missing or wrong. */
function knownParts(text: string): Partial<Subset> {
  const found: { latitude?: Range; longitude?: Range; time?: Range } = {};
  for (const part of text.split(';')) {
    const name = part.split(',')[0]?.trim().toUpperCase();
    const whole = { LATITUDE: 'LATITUDE,-90,90', LONGITUDE: 'LONGITUDE,-180,180' };
    const others = Object.entries(whole).flatMap(([each, all]) => (each === name ? [] : [all]));
    const read = ifReadable(() => parseSubset([part, ...others].join(';')));
    if (name === 'LATITUDE' && read) found.latitude = read.latitude;
    if (name === 'LONGITUDE' && read) found.longitude = read.longitude;
    if (name === 'TIME' && read?.time) found.time = read.time;
  }
  return found;
}

/** A cell extends half a cell beyond its centre, and a point selects the cell that contains it. */
function mayMeet(
  coverage: Coverage | undefined,
  latitude: Range | undefined,
  longitude: Range | undefined,
): boolean {
  const { bbox, spacing } = coverage ?? {};
  if (!bbox) return true;
  const [west, south, east, north] = bbox;
  const [high, wide] = [(spacing?.latitude ?? 0) / 2, (spacing?.longitude ?? 0) / 2];
  const meetsRows = !latitude || meet(latitude, { minimum: south - high, maximum: north + high });
  const turns = [-720, -360, 0, 360, 720];
  const columns = { minimum: west - wide, maximum: east + wide };
  const meetsColumns = !longitude || turns.some((turn) => meet(shifted(longitude, turn), columns));
  return meetsRows && meetsColumns;
}

/** A step may represent the time around it. */
function mayBeAt(coverage: Coverage | undefined, time: Range): boolean {
  const { period, spacing } = coverage ?? {};
  if (!period) return true;
  const step = (spacing?.time ?? 0) * 1000;
  const [start, end] = [Date.parse(period.start), Date.parse(period.end)];
  if (Number.isNaN(start) || Number.isNaN(end)) return true;
  return meet(time, { minimum: start - step, maximum: end + step });
}

function meet(a: Range, b: Range): boolean {
  return a.minimum <= b.maximum && a.maximum >= b.minimum;
}

function shifted({ minimum, maximum }: Range, by: number): Range {
  return { minimum: minimum + by, maximum: maximum + by };
}
