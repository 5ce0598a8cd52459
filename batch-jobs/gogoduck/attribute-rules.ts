import { z } from 'zod';
import type { AttributeRules } from './aggregate/discovery-attributes.ts';

const rulesOfLayers = z.record(
  z.string(),
  z.strictObject({
    set: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    remove: z.array(z.string()).optional(),
  }),
);

/**
 * Reads the rules of all layers, and selects those of one layer. Rules of layer `*` apply to every layer,
 * before its own rules.
 *
 * @param text `GOGODUCK_ATTRIBUTE_RULES`, JSON: `{"<layer>": {"set": {...}, "remove": [...]}}`
 * @throws {Error} if it is not such JSON
 */
export function attributeRulesOf(text: string, layer: string): AttributeRules {
  const rules = rulesOfLayers.safeParse(parsed(text));
  if (!rules.success) {
    throw new Error(`variable GOGODUCK_ATTRIBUTE_RULES: ${z.prettifyError(rules.error)}`);
  }
  const [all, own] = [rules.data['*'], rules.data[layer]];
  return {
    set: { ...all?.set, ...own?.set },
    remove: [...(all?.remove ?? []), ...(own?.remove ?? [])],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`variable GOGODUCK_ATTRIBUTE_RULES is no JSON: ${String(error)}`);
  }
}
