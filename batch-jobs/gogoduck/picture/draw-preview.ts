import { type Calendar, formatInstant, prolepticGregorian } from '../grid/calendar.ts';
import { type Coordinates, findCoordinates } from '../grid/find-coordinates.ts';
import { attributesOf, type Header, readHeader } from '../grid/header.ts';
import { readInstants } from '../grid/read-instants.ts';
import { textOf } from '../netcdf/attributes.ts';
import { collectGarbage } from '../netcdf/collect-garbage.ts';
import type { Hdf5 } from '../netcdf/hdf5-file.ts';
import type { NetcdfFile } from '../netcdf/netcdf-file.ts';
import { openNetcdf } from '../netcdf/open-netcdf.ts';
import { cornersOf } from './cell-corners.ts';
import { chooseField, type Field } from './choose-field.ts';
import { coastline } from './coastline.ts';
import { coloursOf } from './colours.ts';
import { frameOf } from './map-frame.ts';
import { paintCells } from './paint-cells.ts';
import {
  beyondColours,
  type Preview,
  type PreviewMap,
  previewSvg,
  type Series,
} from './preview-svg.tsx';
import { rasterise } from './rasterise.ts';
import { FieldReader, type Plane } from './read-field.ts';

/** Which result to show. */
export interface PreviewRequest {
  readonly layer: string;
  /** Names or standard names; the first one is shown. */
  readonly variables?: readonly string[];
}

/**
 * Draws a result: a map of a variable at the last time step and, if there are several steps, the mean of the
 * area over time.
 *
 * @param path of the result as NetCDF
 * @returns PNG
 */
export async function drawPreview(
  hdf5: Hdf5,
  path: string,
  request: PreviewRequest,
): Promise<Uint8Array> {
  const preview = await readPreview(hdf5, path, request);
  // Free the chunks of the file before drawing, which needs as much memory.
  collectGarbage();
  return await rasterise(previewSvg(preview));
}

async function readPreview(hdf5: Hdf5, path: string, request: PreviewRequest): Promise<Preview> {
  const file = await openNetcdf(hdf5, path);
  try {
    return await previewOf(file, request);
  } finally {
    file.close();
  }
}

/** The content of a picture of an open result. */
export async function previewOf(file: NetcdfFile, request: PreviewRequest): Promise<Preview> {
  const header = readHeader(file);
  const coordinates = findCoordinates(header);
  const field = chooseField(header, coordinates, request.variables);
  if (!field) {
    const notes = ['There is no picture: no variable of the result has a number per cell.'];
    return {
      title: request.layer,
      subtitle: '',
      units: '',
      map: undefined,
      series: undefined,
      notes,
    };
  }
  const reader = new FieldReader(file, header, coordinates, field);
  const times = timesOf(file, header, coordinates, field);
  const last = times.instants.at(-1);
  const plane = reader.plane(reader.steps - 1);
  const map = await mapOf(plane);
  const { series, note } = seriesOf(reader, field, times);
  const beyond = map.colours && beyondColours(map.colours);
  const hasValues = map.colours !== undefined;
  return {
    title: titleOf(header, field),
    subtitle: [
      ...(last === undefined ? [] : [formatInstant(last, times.calendar)]),
      ...reader.levels(),
      `layer ${request.layer}`,
    ].join(', '),
    units: unitsOf(header, field),
    map,
    series,
    notes: [
      ...(hasValues ? [] : ['No cell of this map holds a value: all data is missing.']),
      ...(beyond ? [beyond] : []),
      ...(note ? [note] : []),
    ],
  };
}

async function mapOf(plane: Plane): Promise<PreviewMap> {
  const corners = plane.isBent ? cornersOf(plane) : undefined;
  const frame = frameOf(plane, corners);
  const colours = coloursOf(plane.values);
  const place = frame.projection([plane.longitudes[0] ?? 0, plane.latitudes[0] ?? 0]);
  return {
    frame,
    cells: paintCells(plane, corners, frame, colours),
    land: await coastline(frame),
    colours,
    marker: plane.values.length === 1 ? (place ?? undefined) : undefined,
  };
}

interface Times {
  readonly instants: readonly number[];
  readonly calendar: Calendar;
}

/** The instants that a field varies with; empty if it does not vary with time. */
function timesOf(
  file: NetcdfFile,
  header: Header,
  { time }: Coordinates,
  { variable }: Field,
): Times {
  if (!time?.dimensions.every((name) => variable.dimensions.includes(name))) {
    return { instants: [], calendar: prolepticGregorian };
  }
  return readInstants(file, time, attributesOf(header, time));
}

function seriesOf(
  reader: FieldReader,
  { isFlag, variable }: Field,
  { instants, calendar }: Times,
): { readonly series: Series | undefined; readonly note?: string } {
  if (instants.length < 2) return { series: undefined };
  if (isFlag) {
    return { series: undefined, note: `There is no mean over time: ${variable.name} holds flags.` };
  }
  const stride = reader.seriesStride();
  if (stride === undefined) {
    const note = 'There is no mean over time: it would take longer than a picture should.';
    return { series: undefined, note };
  }
  const values = reader.means(stride);
  const of = stride === 1 ? '' : `, every ${stride} steps`;
  return {
    series: {
      title: `Mean of the area${of}`,
      instants: instants.filter((_, step) => step % stride === 0),
      values,
      calendar,
    },
  };
}

function titleOf(header: Header, { variable }: Field): string {
  const attributes = attributesOf(header, variable);
  const words = ['long_name', 'standard_name'].map((name) => textOf(attributes.get(name))?.trim());
  const title = words.find(Boolean)?.replaceAll(/[_\s]+/g, ' ');
  return title && title !== variable.name ? `${title} (${variable.name})` : variable.name;
}

function unitsOf(header: Header, { variable }: Field): string {
  const units = textOf(attributesOf(header, variable).get('units'))?.trim() ?? '';
  return units === '1' ? '' : units;
}
