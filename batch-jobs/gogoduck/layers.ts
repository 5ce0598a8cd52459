import type { AdviceSurroundings, Coverage } from '../api/process-advice.ts';
import { untilAborted } from '../api/until-aborted.ts';
import { JobError } from './job-error.ts';
import { KeptAnswers } from './kept-answers.ts';
import { type LayerSource, type ListedLayer, layerSourceOf } from './layer-source.ts';

/** How long a form waits for layers that are not known yet. The next question continues from there. */
const patienceMilliseconds = 1_000;

/** The wait for the list is longer, because without it there is nothing to choose from. */
const listPatienceMilliseconds = 4_000;

/** Number of layers inspected at the same time. */
const atOnce = 4;

const coverages = new KeptAnswers<Coverage | undefined>(60_000, 1_000);
const remoteCoverages = new KeptAnswers<Coverage | undefined>(10 * 60_000, 1_000);

/** What a form can know about the available layers. */
export class Layers {
  readonly #source: LayerSource | undefined;
  readonly #signal: AbortSignal;
  /** Names that a server lists but no run could use: feature types of other kinds, or without files. */
  readonly #unusable = new Set<string>();

  private constructor(source: LayerSource | undefined, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  static async of({ variables, signal }: AdviceSurroundings): Promise<Layers> {
    return new Layers(await layerSourceOf(variables), signal);
  }

  /** @returns undefined if they cannot be listed, or not now */
  async list(): Promise<readonly ListedLayer[] | undefined> {
    const source = this.#source;
    if (!source?.isRemote) return await source?.list();
    const patience = AbortSignal.timeout(listPatienceMilliseconds);
    const signal = AbortSignal.any([this.#signal, patience]);
    return await untilAborted(() => source.list(), signal).catch(() => undefined);
  }

  /** Everything that is known about the layer with exactly this name, if it exists. */
  async coverage(name: string): Promise<Coverage | undefined> {
    const source = this.#source;
    if (name === '' || !source) return undefined;
    // Layers on this machine may change at any time, and are quick to inspect.
    const looking = () => (source.isRemote ? look(source, name) : lookInto(source, name));
    return await untilAborted(looking, this.#signal).catch((error: unknown) => {
      if (this.#signal.aborted || error instanceof JobError) return undefined;
      throw error;
    });
  }

  /**
   * What layers cover, for those that were inspected recently or can be within about a second. Layers whose
   * files cannot be read, or for which there was no time, have only what their source lists.
   *
   * @param mayAsk whether to send requests to other servers about layers that are not known yet
   */
  async coverages(
    layers: readonly ListedLayer[],
    mayAsk: boolean,
  ): Promise<ReadonlyMap<string, Coverage>> {
    const source = this.#source;
    const found = new Map<string, Coverage>(
      layers.flatMap(({ name, bbox }) => (bbox ? [[name, { bbox }]] : [])),
    );
    if (!source) return found;
    const patience = AbortSignal.timeout(patienceMilliseconds);
    const signal = AbortSignal.any([this.#signal, patience]);
    const left = layers.values();
    const work = async () => {
      for (const { name } of left) {
        const isKnown = cacheOf(source).known(keyOf(source, name)) !== undefined;
        if (!isKnown && source.isRemote && !mayAsk) continue;
        const coverage = await untilAborted(() => look(source, name), signal).catch(() => null);
        if (coverage) found.set(name, coverage);
        else if (coverage === undefined && source.isRemote) this.#unusable.add(name);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return found;
  }

  /** Whether a layer can be used, as far as `coverages` has inspected it. */
  isUsable(name: string): boolean {
    return !this.#unusable.has(name);
  }

  /** Whether each question about a layer goes to another server. */
  get areRemote(): boolean {
    return this.#source?.isRemote ?? false;
  }
}

function cacheOf({ isRemote }: LayerSource): KeptAnswers<Coverage | undefined> {
  return isRemote ? remoteCoverages : coverages;
}

function keyOf({ key }: LayerSource, name: string): string {
  return `${key} ${name}`;
}

function look(source: LayerSource, name: string): Promise<Coverage | undefined> {
  return cacheOf(source).get(keyOf(source, name), () => lookInto(source, name));
}

async function lookInto(source: LayerSource, name: string): Promise<Coverage | undefined> {
  try {
    return await source.coverage(name);
  } catch (error) {
    // The layer does not exist, or its files cannot be read: a run would say which. If it is only temporarily
    // unavailable, it is tried again soon.
    if (error instanceof JobError && error.why !== 'unavailable') return undefined;
    throw error;
  }
}

/** Names by which a layer's variables may be requested; undefined if they are unknown. */
export function variableNames(coverage: Coverage | undefined): ReadonlySet<string> | undefined {
  if (!coverage?.variables) return undefined;
  return new Set(
    coverage.variables.flatMap(({ name, standardName = name }) => [name, standardName]),
  );
}
