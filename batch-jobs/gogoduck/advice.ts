import { readdir } from 'node:fs/promises';
import type {
  AdviceSurroundings,
  ProcessAdvice,
  Suggestion,
  SuggestionQuestion,
} from '../api/process-advice.ts';
import { estimate } from './estimate.ts';
import { fileIndexOf } from './file-index-of.ts';
import { JobError } from './job-error.ts';

const mostSuggestions = 20;

/** What is known of a request for GoGoDuck before it is sent. */
export const advice: ProcessAdvice = { suggest, estimate };

async function suggest(
  { input, text, inputs }: SuggestionQuestion,
  { variables }: AdviceSurroundings,
): Promise<readonly Suggestion[]> {
  if (input === 'variables') return await variablesOf(inputs['layer']?.[0] ?? '', text, variables);
  if (input !== 'layer') return [];
  const names = await layerNames(variables['GOGODUCK_LAYERS_DIR']);
  const sought = text.trim().toLowerCase();
  const found = names.filter((name) => name.toLowerCase().includes(sought));
  const exact = await exactLayer(text.trim(), variables);
  return [
    ...(exact ? [exact] : []),
    ...found.filter((name) => name !== exact?.value).map((value) => ({ value })),
  ].slice(0, mostSuggestions);
}

/** The variables of a layer, by what people call them. */
async function variablesOf(
  layer: string,
  text: string,
  variables: AdviceSurroundings['variables'],
): Promise<readonly Suggestion[]> {
  const sought = text.trim().toLowerCase();
  const found = (await exactLayer(layer.trim(), variables))?.coverage?.variables ?? [];
  return found
    .map(({ name, title, units }) => ({
      value: name,
      ...(title === undefined ? {} : { title }),
      ...(units === undefined ? {} : { abstract: units }),
    }))
    .filter(({ value, title }) => `${value} ${title ?? ''}`.toLowerCase().includes(sought));
}

/** The layers of a folder, by name; those of a WFS are not listed. */
async function layerNames(folder: string | undefined): Promise<string[]> {
  if (!folder) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter(
      (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'),
    )
    .map(({ name }) => name)
    .sort();
}

/** The layer of exactly that name with all that is known of it, if there is one. */
async function exactLayer(
  name: string,
  variables: AdviceSurroundings['variables'],
): Promise<Suggestion | undefined> {
  if (name === '') return undefined;
  try {
    const files = await (await fileIndexOf(variables))?.list(name);
    if (!files?.length) return undefined;
    const { layerCoverage } = await import('./layer-coverage.ts');
    return { value: name, coverage: await layerCoverage(files) };
  } catch (error) {
    // There is no such layer, or its files cannot be read: a run would say which.
    if (error instanceof JobError) return undefined;
    throw error;
  }
}
