import type { FormInput, FormRequest } from '../form/form-request.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

/** The body of an OGC API - Processes execution (OGC 18-062r2, clause 7.11). */
export function asJson({ inputs, outputs }: FormRequest, dataTypes: DataTypes): string {
  const values: Record<string, Json> = {};
  for (const input of inputs) {
    const value = jsonValue(input, dataTypes.get(input.identifier));
    const before = values[input.identifier];
    // A single value is written as it is, several values as a list.
    if (before === undefined) values[input.identifier] = value;
    else if (Array.isArray(before)) before.push(value);
    else values[input.identifier] = [before, value];
  }
  const wanted = outputs.map(({ identifier, mimeType }) => [
    identifier,
    mimeType ? { format: { mediaType: mimeType } } : {},
  ]);
  return JSON.stringify(
    { inputs: values, ...(wanted.length > 0 ? { outputs: Object.fromEntries(wanted) } : {}) },
    undefined,
    2,
  );
}

/** Data type of each literal input by its identifier. */
export type DataTypes = ReadonlyMap<string, string>;

function jsonValue(input: FormInput, dataType: string | undefined): Json {
  switch (input.kind) {
    case 'literal': {
      const value = literalOf(input.value, dataType);
      return input.uom === undefined ? value : { value: { measurement: value, uom: input.uom } };
    }
    case 'bounding-box': {
      const bbox = [...input.lower, ...input.upper].map((number) =>
        Number.isFinite(number) ? number : null,
      );
      return { bbox, crs: input.crs };
    }
    case 'complex': {
      const { content, mimeType, encoding, schema } = input;
      // JSON leaves out what is undefined.
      const format = { mediaType: mimeType, encoding, schema };
      if ('href' in content) return { href: content.href, type: mimeType };
      if ('base64' in content) {
        return { value: content.base64, format: { ...format, encoding: 'base64' } };
      }
      return { value: content.text, format };
    }
  }
}

/** A value that cannot be read as its type stays text, so that the service reports it. */
function literalOf(value: string, dataType: string | undefined): Json {
  switch (dataType) {
    case 'integer':
    case 'double': {
      const number = Number(value);
      return value.trim() !== '' && Number.isFinite(number) ? number : value;
    }
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    default:
      return value;
  }
}
