import { stat } from 'node:fs/promises';
import type { AdviceSurroundings, Overview } from '../api/process-advice.ts';
import type { LiteralInputs } from '../api/process-description.ts';
import { FolderFileIndex } from './folder-file-index.ts';
import { formatInstant } from './grid/calendar.ts';
import { findCoordinates } from './grid/find-coordinates.ts';
import { attributesOf, readHeader } from './grid/header.ts';
import { readInstants } from './grid/read-instants.ts';
import { JobError } from './job-error.ts';
import { textOf } from './netcdf/attributes.ts';
import { loadHdf5 } from './netcdf/hdf5-file.ts';
import { openNetcdf } from './netcdf/open-netcdf.ts';
import { chooseField } from './picture/choose-field.ts';
import { coloursOf } from './picture/colours.ts';
import { frameOf } from './picture/map-frame.ts';
import { paintCells } from './picture/paint-cells.ts';
import { FieldReader } from './picture/read-field.ts';
import { parseVariables } from './selection.ts';

/** Steps with more cells take longer to read than a person who fills in a form should wait. */
const mostCells = 4_000_000;

/** Pictures of the most recently requested files, by path, time of change and variables. */
const known = new Map<string, Overview | undefined>();
const mostKnown = 20;

/**
 * A thinned-out picture of the first wanted variable: the whole area of a layer at its last step.
 *
 * @returns undefined if it cannot be drawn quickly: remote files, large steps, grids without rows of equal
 *   latitude and columns of equal longitude
 */
export async function overview(
  inputs: LiteralInputs,
  { variables }: AdviceSurroundings,
): Promise<Overview | undefined> {
  const layer = inputs['layer']?.[0]?.trim() ?? '';
  const layersDir = variables['GOGODUCK_LAYERS_DIR'];
  if (layer === '' || !layersDir) return undefined;
  try {
    const files = await new FolderFileIndex(layersDir).list(layer);
    const location = files.at(-1)?.location;
    if (!location || !('path' in location)) return undefined;
    const text = inputs['variables']?.[0] ?? '';
    const { mtimeMs, size } = await stat(location.path);
    const key = [location.path, mtimeMs, size, text].join(' ');
    if (!known.has(key)) {
      known.set(key, await drawn(location.path, text === '' ? [] : parseVariables(text)));
      const [oldest] = known.keys();
      if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
    }
    return known.get(key);
  } catch (error) {
    // The layer does not exist, or its files cannot be read: a run would say which.
    if (error instanceof JobError) return undefined;
    throw error;
  }
}

async function drawn(path: string, wanted: readonly string[]): Promise<Overview | undefined> {
  const file = await openNetcdf(await loadHdf5(), path);
  try {
    const header = readHeader(file);
    const coordinates = findCoordinates(header);
    const field = chooseField(header, coordinates, wanted);
    if (!field) return undefined;
    const { latitude, longitude } = field.places;
    const isStraight = latitude.dimensions.length === 1 && longitude.dimensions.length === 1;
    const cells = (latitude.shape[0] ?? 0) * (longitude.shape[0] ?? 0);
    if (!isStraight || cells > mostCells) return undefined;
    const reader = new FieldReader(file, header, coordinates, field);
    const plane = reader.plane(reader.steps - 1);
    const frame = frameOf(plane, undefined);
    const colours = coloursOf(plane.values);
    if (!frame.box || !colours) return undefined;
    const { west, south, east, north } = frame.box;
    const small = {
      ...frame,
      width: Math.max(1, Math.round(frame.width / 2)),
      height: Math.max(1, Math.round(frame.height / 2)),
    };
    const attributes = attributesOf(header, field.variable);
    const told = (name: string) => textOf(attributes.get(name))?.trim() || undefined;
    const { time } = coordinates;
    const times = time && readInstants(file, time, attributesOf(header, time));
    const last = times?.instants.at(-1);
    const units = told('units');
    return {
      png: paintCells(plane, undefined, small, colours, 'clear'),
      bbox: [west, south, east, north],
      title: told('long_name') ?? told('standard_name') ?? field.variable.name,
      ...(times && last !== undefined ? { instant: formatInstant(last, times.calendar) } : {}),
      from: Number(colours.from.toPrecision(4)),
      to: Number(colours.to.toPrecision(4)),
      ...(units === undefined || units === '1' ? {} : { units }),
    };
  } finally {
    file.close();
  }
}
