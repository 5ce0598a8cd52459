import type {
  AdviceSurroundings,
  ProcessAdvice,
  Suggestion,
  SuggestionQuestion,
} from '../api/process-advice.ts';
import { constraints } from './constraints.ts';
import { estimate } from './estimate.ts';
import { coverageOfLayer, layerNames } from './layers.ts';

const mostSuggestions = 20;

/** What is known of a request for GoGoDuck before it is sent. */
export const advice: ProcessAdvice = { suggest, estimate, constraints };

async function suggest(
  { input, text, inputs }: SuggestionQuestion,
  { variables }: AdviceSurroundings,
): Promise<readonly Suggestion[]> {
  if (input === 'variables') return await variablesOf(inputs['layer']?.[0] ?? '', text, variables);
  if (input !== 'layer') return [];
  const names = await layerNames(variables['GOGODUCK_LAYERS_DIR']);
  const sought = text.trim().toLowerCase();
  const found = names.filter((name) => name.toLowerCase().includes(sought));
  const exact = text.trim();
  const coverage = await coverageOfLayer(exact, variables);
  return [
    ...(coverage ? [{ value: exact, coverage }] : []),
    ...found.filter((name) => !coverage || name !== exact).map((value) => ({ value })),
  ].slice(0, mostSuggestions);
}

/** The variables of a layer, by what people call them. */
async function variablesOf(
  layer: string,
  text: string,
  variables: AdviceSurroundings['variables'],
): Promise<readonly Suggestion[]> {
  const sought = text.trim().toLowerCase();
  const found = (await coverageOfLayer(layer.trim(), variables))?.variables ?? [];
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
