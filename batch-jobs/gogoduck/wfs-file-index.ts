import { parse } from 'csv-parse';
import { type Dispatcher, request } from 'undici';
import type { Amount, FileIndex, IndexedFile } from './file-index.ts';
import { JobError } from './job-error.ts';
import { checkLayerName, noSuchLayer } from './layer-name.ts';
import type { Range } from './subset.ts';
import { featureTypes, wfsRequest } from './wfs-capabilities.ts';

export interface WfsSettings {
  /** URL of the WFS. Its own query, if any, is kept. */
  readonly wfsUrl: string;
  /** Base URL of the files. Files elsewhere are refused. */
  readonly filesUrl: string;
  /** Columns with a file's URL, its bytes and the instant of its first data. */
  readonly columns: { readonly file: string; readonly size: string; readonly time: string };
}

/** What can be known about a layer without listing all its files. */
export interface LayerSummary {
  readonly count?: number;
  /** The files with the first and the last instant; empty if there are no files. */
  readonly ends: readonly IndexedFile[];
}

/** If there are more rows, only the ends are read to estimate their amount. */
const mostRowsRead = 5_000;
const endRows = '500';

type Row = Readonly<Record<string, string>>;

/** How many characters of a refusal are read to understand it. */
const longestRefusal = 10_000;

/**
 * Lists the files of a layer from the WFS feature type with its name, one feature per file.
 *
 * The index requests CSV and filters with CQL, both features of GeoServer
 * (https://docs.geoserver.org/stable/en/user/services/wfs/vendor.html).
 */
export class WfsFileIndex implements FileIndex {
  readonly #settings: WfsSettings;
  readonly #client: Dispatcher;
  readonly #filesUrl: URL;

  constructor(settings: WfsSettings, client: Dispatcher) {
    this.#settings = settings;
    this.#client = client;
    // If a base URL does not end in a slash, URLs are relative to the part before its last segment.
    this.#filesUrl = new URL(settings.filesUrl.replace(/\/*$/, '/'));
  }

  async list(layer: string, period?: Range): Promise<IndexedFile[]> {
    checkLayerName(layer);
    const found = await Promise.all(
      this.#filters(period).map((filter) => this.#files(layer, filter)),
    );
    return ordered(found.flat());
  }

  /**
   * Of many files, the service is asked only for their number and for the first and the last ones, whose mean
   * size then stands for all: hundreds of thousands of rows take longer than a person waits.
   */
  async amount(layer: string, period?: Range): Promise<Amount> {
    checkLayerName(layer);
    const { time } = this.#settings.columns;
    const found = await Promise.all(
      this.#filters(period).map(async (filter) => {
        const count = 'maxFeatures' in filter ? 1 : await this.#count(layer, filter);
        if (count === undefined || count <= mostRowsRead) {
          const files = await this.#files(layer, filter);
          return { count: files.length, files };
        }
        const ends = ['A', 'D'].map((order) =>
          this.#files(layer, { ...filter, sortBy: `${time} ${order}`, maxFeatures: endRows }),
        );
        return { count, files: (await Promise.all(ends)).flat() };
      }),
    );
    const latestBytes = ordered(found.flatMap(({ files }) => files)).at(-1)?.size;
    return {
      files: found.reduce((sum, { count }) => sum + count, 0),
      ...bytesOf(found),
      ...(latestBytes === undefined ? {} : { latestBytes }),
    };
  }

  /** The requests, by their filters, whose files together may have data in a period. */
  #filters(period: Range | undefined): readonly Readonly<Record<string, string>>[] {
    if (!period) return [{}];
    const { time } = this.#settings.columns;
    const [start, end] = [period.minimum, period.maximum].map((at) => new Date(at).toISOString());
    return [
      { CQL_FILTER: `${time} >= '${start}' AND ${time} <= '${end}'` },
      // A file is listed under its first instant, so the file before the period may extend into it.
      { CQL_FILTER: `${time} < '${start}'`, sortBy: `${time} D`, maxFeatures: '1' },
    ];
  }

  /**
   * A layer's first and last file, and the number of files: three short requests, however many files it has.
   *
   * @throws {JobError} as `list` does
   */
  async summary(layer: string): Promise<LayerSummary> {
    checkLayerName(layer);
    const { time } = this.#settings.columns;
    const end = (order: 'A' | 'D') =>
      this.#files(layer, { sortBy: `${time} ${order}`, maxFeatures: '1' });
    const [count, [first], [last]] = await Promise.all([this.#count(layer), end('A'), end('D')]);
    return {
      ...(count === undefined ? {} : { count }),
      ends: [first, last].filter((file) => file !== undefined),
    };
  }

  /** The number of files of a layer; undefined if the service does not report it. */
  async #count(
    layer: string,
    filter: Readonly<Record<string, string>> = {},
  ): Promise<number | undefined> {
    const parameters = { request: 'GetFeature', typeName: layer, resultType: 'hits', ...filter };
    const url = wfsRequest(this.#settings.wfsUrl, parameters);
    try {
      const { statusCode, body } = await request(url, { dispatcher: this.#client });
      const text = (await body.text()).slice(0, longestRefusal);
      const [, count] = /numberOf(?:Features|Matched)="(\d+)"/i.exec(text) ?? [];
      return statusCode === 200 && count !== undefined ? Number(count) : undefined;
    } catch {
      return undefined;
    }
  }

  async #files(layer: string, filter: Readonly<Record<string, string>>): Promise<IndexedFile[]> {
    const files: IndexedFile[] = [];
    for await (const row of await this.#rows(layer, filter)) files.push(this.#file(layer, row));
    return files;
  }

  async #rows(
    layer: string,
    filter: Readonly<Record<string, string>>,
  ): Promise<AsyncIterable<Row>> {
    const url = wfsRequest(this.#settings.wfsUrl, {
      request: 'GetFeature',
      typeName: layer,
      outputFormat: 'csv',
      ...filter,
    });
    const response = await request(url, { dispatcher: this.#client }).catch((error) => {
      throw cannotList(layer, error);
    });
    const { statusCode, headers, body } = response;
    if (statusCode !== 200 || /xml|html/.test(String(headers['content-type']))) {
      const text = await body.text().catch(() => '');
      if (!isUnknownType(text)) throw cannotList(layer, refusalError(statusCode, text));
      throw noSuchLayer(layer, await this.#layers(), refusalError(statusCode, text));
    }
    return rowsOf(layer, body);
  }

  /** Names of the feature types; empty if they are unavailable. */
  async #layers(): Promise<string[]> {
    const found = await featureTypes(this.#settings.wfsUrl, this.#client).catch(() => []);
    return found.map(({ name }) => name);
  }

  #file(layer: string, row: Row): IndexedFile {
    const { columns } = this.#settings;
    const href = row[columns.file];
    if (!href) throw unreadable(layer, `has no column "${columns.file}" or no value in it`);
    const base = this.#filesUrl.href;
    const url = URL.canParse(href, base) ? new URL(href, base) : undefined;
    if (!url?.href.startsWith(base)) {
      throw unreadable(layer, 'names a file that is not where its files are');
    }
    const size = row[columns.size] ? Number(row[columns.size]) : undefined;
    const time = row[columns.time] ? instantOf(layer, row[columns.time] as string) : undefined;
    return {
      name: nameOf(url),
      location: { url: url.href },
      ...(size !== undefined && Number.isFinite(size) ? { size } : {}),
      ...(time === undefined ? {} : { time }),
    };
  }
}

/** @returns nothing if the index does not say the size of every file that was read */
function bytesOf(
  found: readonly { readonly count: number; readonly files: readonly IndexedFile[] }[],
): Pick<Amount, 'bytes'> {
  let bytes = 0;
  for (const { count, files } of found) {
    const sizes = files.map(({ size }) => size).filter((size) => size !== undefined);
    if (sizes.length < files.length) return {};
    const read = sizes.reduce((sum, size) => sum + size, 0);
    bytes += files.length === 0 ? 0 : Math.round((read / files.length) * count);
  }
  return { bytes };
}

async function* rowsOf(layer: string, body: NodeJS.ReadableStream): AsyncIterable<Row> {
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true });
  body.on('error', (error) => parser.destroy(error));
  try {
    for await (const row of body.pipe(parser)) yield row as Row;
  } catch (error) {
    throw cannotList(layer, error);
  }
}

/** ISO 8601; without a time zone it is UTC. */
function instantOf(layer: string, text: string): number {
  const instant = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
  if (Number.isNaN(instant)) throw unreadable(layer, 'has a time that is not ISO 8601');
  return instant;
}

function nameOf({ pathname }: URL): string {
  const path = pathname.replace(/\/+$/, '');
  return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
}

/** Sorts the oldest first, and removes duplicates. */
function ordered(files: readonly IndexedFile[]): IndexedFile[] {
  const byUrl = new Map(files.map((file) => [JSON.stringify(file.location), file]));
  return [...byUrl.values()].sort(
    (a, b) => (a.time ?? 0) - (b.time ?? 0) || (a.name < b.name ? -1 : 1),
  );
}

/** Matches GeoServer's wording in the versions of its exception reports. */
function isUnknownType(text: string): boolean {
  return /locator="typeName"|feature type .*unknown|could not (find|locate)/i.test(text);
}

function refusalError(statusCode: number, text: string): Error {
  return new Error(`status ${statusCode}: ${text.slice(0, longestRefusal)}`);
}

function cannotList(layer: string, cause: unknown): JobError {
  if (cause instanceof JobError) return cause;
  return new JobError(
    'unavailable',
    `The list of the files of layer "${layer}" is currently unavailable.`,
    {
      cause,
    },
  );
}

function unreadable(layer: string, what: string): JobError {
  return new JobError('badData', `The list of the files of layer "${layer}" ${what}.`);
}
