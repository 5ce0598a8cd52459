import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { GoGoDuckRequest } from '../../batch-jobs/gogoduck/gogoduck-request.ts';
import { JobError } from '../../batch-jobs/gogoduck/job-error.ts';
import type { RunParts } from '../../batch-jobs/gogoduck/run.ts';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { makeNetcdf, type NetcdfSketch } from './make-netcdf.ts';
import { readNetcdf } from './read-netcdf.ts';
import { csvLines, runGogoduck } from './run-gogoduck.ts';

export const everywhere = 'LATITUDE,-90,90;LONGITUDE,-180,180';

/** A folder with one layer, which each test fills. */
export class LayerFolder {
  #layers = '';

  get layers(): string {
    return this.#layers;
  }

  get path(): string {
    return join(this.#layers, 'layer');
  }

  async make(): Promise<void> {
    this.#layers = await mkdtemp(join(tmpdir(), 'layer-'));
    await mkdir(this.path);
  }

  async remove(): Promise<void> {
    await rm(this.#layers, { recursive: true });
  }

  file(name: string, sketch: NetcdfSketch): Promise<string> {
    return makeNetcdf(join(this.path, name), sketch);
  }

  /** Writes files of grids, named so that they are listed in this order. */
  async grids(...sketches: GridSketch[]): Promise<void> {
    for (const [index, sketch] of sketches.entries()) {
      await this.file(`${index}.nc`, gridSketch(sketch));
    }
  }

  async result(
    subset = everywhere,
    change: Partial<GoGoDuckRequest> = {},
    parts: Partial<RunParts> = {},
  ) {
    return await readNetcdf(await runGogoduck(this.#layers, subset, change, parts));
  }

  csv(subset = everywhere, change: Partial<GoGoDuckRequest> = {}) {
    return csvLines(this.#layers, subset, change);
  }

  /** The error that a request causes. */
  async fault(subset = everywhere, change: Partial<GoGoDuckRequest> = {}): Promise<JobError> {
    return await faultOf(runGogoduck(this.#layers, subset, change));
  }
}

export async function faultOf(run: Promise<unknown>): Promise<JobError> {
  const error = await run.then(
    () => undefined,
    (reason) => reason,
  );
  if (error instanceof JobError) return error;
  throw error ?? new Error('there was no fault');
}

/** Gives each test of a file an empty layer. */
export function useLayer(): LayerFolder {
  const layer = new LayerFolder();
  beforeEach(() => layer.make());
  afterEach(() => layer.remove());
  return layer;
}
