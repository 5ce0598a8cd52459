import type { JsonSchema } from '../../../../batch-jobs/api/json-schema.ts';

/** Keywords of process descriptions that OpenAPI 3.0 lacks, and the extensions that replace them. */
const extensions: Readonly<Record<string, string>> = {
  contentMediaType: 'x-content-media-type',
  contentEncoding: 'x-content-encoding',
  contentSchema: 'x-content-schema',
};

/** Converts a schema of a process description for use in an OpenAPI 3.0 document. */
export function openApiSchema(schema: JsonSchema): JsonSchema {
  const { items, properties, allOf, anyOf, oneOf, not, additionalProperties, ...own } = schema;
  const named = Object.entries(own).map(([keyword, value]) => [
    Object.hasOwn(extensions, keyword) ? extensions[keyword] : keyword,
    value,
  ]);
  return {
    ...Object.fromEntries(named),
    ...(items ? { items: openApiSchema(items) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, value]) => [name, openApiSchema(value)]),
          ),
        }
      : {}),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: openApiSchema(additionalProperties) }
      : additionalProperties === undefined
        ? {}
        : { additionalProperties }),
    ...(allOf ? { allOf: allOf.map(openApiSchema) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(openApiSchema) } : {}),
    ...(oneOf ? { oneOf: oneOf.map(openApiSchema) } : {}),
    ...(not ? { not: openApiSchema(not) } : {}),
  };
}
