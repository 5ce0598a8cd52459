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
import { coverageOfLayer, layerNames } from './layers.ts';
import { coveragesAtHand } from './layers-at-hand.ts';

const mostSuggestions = 20;

/** What is known of a request for GoGoDuck before it is sent. */
export const advice: ProcessAdvice = {
  suggest,
  estimate,
  constraints,
  // What draws is loaded when the first picture is asked for.
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
  const { variables } = surroundings;
  const names = await layerNames(variables['GOGODUCK_LAYERS_DIR']);
  const known = await coveragesAtHand(names, surroundings);
  const sought = text.trim().toLowerCase();
  const found = names.filter((name) => textOfLayer(name, known.get(name)).includes(sought));
  const exact = text.trim();
  const coverage = await coverageOfLayer(exact, variables);
  return [
    ...(coverage ? [{ value: exact, coverage }] : []),
    ...found
      .filter((name) => !coverage || name !== exact)
      .map((value) => ({ value, ...covers(known.get(value)) })),
  ].slice(0, mostSuggestions);
}

function covers(coverage: Coverage | undefined): Pick<Suggestion, 'coverage'> {
  return coverage ? { coverage } : {};
}

/** What a layer is found by: its name, and what its variables are called. */
function textOfLayer(name: string, coverage: Coverage | undefined): string {
  const variables = coverage?.variables ?? [];
  return [name, ...variables.flatMap((each) => [each.name, each.title, each.standardName])]
    .filter((each) => each !== undefined)
    .join('\n')
    .toLowerCase();
}

/** More are no choice to tick: their names are typed. */
const mostVariables = 40;

/** The variables of a layer, or of any where none is chosen yet, by what people call them. */
async function variablesOf(
  layer: string,
  text: string,
  surroundings: AdviceSurroundings,
): Promise<readonly Suggestion[]> {
  const sought = text.trim().toLowerCase();
  const found =
    layer.trim() === ''
      ? await variablesOfAny(surroundings)
      : ((await coverageOfLayer(layer.trim(), surroundings.variables))?.variables ?? []);
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

/** None where there are too many to choose from. */
async function variablesOfAny(
  surroundings: AdviceSurroundings,
): Promise<readonly CoverageVariable[]> {
  const names = await layerNames(surroundings.variables['GOGODUCK_LAYERS_DIR']);
  const known = [...(await coveragesAtHand(names, surroundings)).values()];
  const all = known.flatMap(({ variables = [] }) => variables);
  const distinct = [...new Map(all.map((variable) => [variable.name, variable])).values()];
  return distinct.length > mostVariables ? [] : distinct;
}
