import type {
  AdviceSurroundings,
  Coverage,
  CoverageVariable,
  ProcessAdvice,
  Suggestion,
  SuggestionQuestion,
} from '../api/process-advice.ts';
import { constraints } from './constraints.ts';
import { estimate } from './estimate.ts';
import type { ListedLayer } from './layer-source.ts';
import { Layers } from './layers.ts';

const mostSuggestions = 20;

/** What GoGoDuck knows about a request before it is sent. */
export const advice: ProcessAdvice = {
  suggest,
  estimate,
  constraints,
  // The drawing module is loaded with the first request for a picture.
  overview: async (...question) => (await import('./overview.ts')).overview(...question),
};

async function suggest(
  { input, text, inputs }: SuggestionQuestion,
  surroundings: AdviceSurroundings,
): Promise<readonly Suggestion[]> {
  if (input === 'variables') {
    return await variablesOf(inputs['layer']?.[0] ?? '', text, surroundings);
  }
  if (input !== 'layer') return [];
  const layers = await Layers.of(surroundings);
  const listed = (await layers.list()) ?? [];
  // Inspecting layers of another server takes requests, so only those that are shown are inspected.
  const known = await layers.coverages(listed, false);
  const sought = text.trim().toLowerCase();
  const exact = text.trim();
  const found = listed.filter(
    (layer) =>
      layers.isUsable(layer.name) && textOfLayer(layer, known.get(layer.name)).includes(sought),
  );
  const shown = found.filter(({ name }) => name !== exact).slice(0, mostSuggestions);
  const [coverage, lookedInto] = await Promise.all([
    layers.coverage(exact),
    layers.areRemote ? layers.coverages(shown, true) : known,
  ]);
  const chosen = listed.find(({ name }) => name === exact) ?? { name: exact };
  return [
    ...(coverage || listed.includes(chosen)
      ? [suggestionOf(chosen, coverage ?? known.get(exact))]
      : []),
    ...shown
      .filter(({ name }) => layers.isUsable(name))
      .map((layer) => suggestionOf(layer, lookedInto.get(layer.name))),
  ].slice(0, mostSuggestions);
}

function suggestionOf(
  { name, title, abstract }: ListedLayer,
  coverage: Coverage | undefined,
): Suggestion {
  return {
    value: name,
    ...(title === undefined || title === name ? {} : { title }),
    ...(abstract === undefined ? {} : { abstract }),
    ...(coverage ? { coverage } : {}),
  };
}

/**
 * The text in which a search for a layer looks: its name, title and abstract, and the names of its variables.
 */
function textOfLayer(
  { name, title, abstract }: ListedLayer,
  coverage: Coverage | undefined,
): string {
  const variables = coverage?.variables ?? [];
  const named = variables.flatMap((each) => [each.name, each.title, each.standardName]);
  return [name, title, abstract, ...named]
    .filter((each) => each !== undefined)
    .join('\n')
    .toLowerCase();
}

/** A longer list is no help to choose from: the user types the names instead. */
const mostVariables = 40;

/** The variables of a layer, or of all layers if no layer is chosen yet, with their common names. */
async function variablesOf(
  layer: string,
  text: string,
  surroundings: AdviceSurroundings,
): Promise<readonly Suggestion[]> {
  const sought = text.trim().toLowerCase();
  const found =
    layer.trim() === ''
      ? await variablesOfAny(surroundings)
      : ((await (await Layers.of(surroundings)).coverage(layer.trim()))?.variables ?? []);
  return found
    .map(({ name, title, units, standardName }) => {
      const about = [units, ...(standardName ? [`standard name ${standardName}`] : [])];
      const abstract = about.filter((each) => each !== undefined).join(', ');
      return {
        value: name,
        ...(title === undefined ? {} : { title }),
        ...(abstract === '' ? {} : { abstract }),
      };
    })
    .filter(({ value, title = '', abstract = '' }) =>
      `${value} ${title} ${abstract}`.toLowerCase().includes(sought),
    );
}

/** Returns an empty list if there are too many to choose from. */
async function variablesOfAny(
  surroundings: AdviceSurroundings,
): Promise<readonly CoverageVariable[]> {
  const layers = await Layers.of(surroundings);
  const known = [...(await layers.coverages((await layers.list()) ?? [], false)).values()];
  const all = known.flatMap(({ variables = [] }) => variables);
  const distinct = [...new Map(all.map((variable) => [variable.name, variable])).values()];
  return distinct.length > mostVariables ? [] : distinct;
}
