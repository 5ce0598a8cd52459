import type { JsonConstant, JsonSchema } from '../../../batch-jobs/api/json-schema.ts';
import type {
  BoundingBoxInput,
  BoundingBoxOutput,
  Format,
  InputDescription,
  LiteralDataType,
  LiteralInput,
  OutputDescription,
  ValueRange,
} from '../../../batch-jobs/api/process-description.ts';
import { crsUri } from './crs-uri.ts';
import { isJsonType, isTextFormat } from './media-types.ts';

/**
 * JSON Schema of one value of an input (OGC 18-062r2, clause 9.2.2). An input that may be given several times
 * accepts one value or an array of values; the schema describes one value.
 */
export function inputSchema(input: InputDescription): JsonSchema {
  switch (input.kind) {
    case 'literal':
      return literalInputSchema(input);
    case 'complex':
      return alternatives(input.formats.map(formatSchema));
    case 'bounding-box':
      return boxSchema(input);
  }
}

/** Schema of an output's value in a results document. */
export function outputSchema(output: OutputDescription): JsonSchema {
  switch (output.kind) {
    case 'literal':
      return output.uoms
        ? measureSchema(typeSchema(output.dataType), output.uoms)
        : typeSchema(output.dataType);
    case 'complex':
      return alternatives(output.formats.map(formatSchema));
    case 'bounding-box':
      return boxSchema(output);
  }
}

function literalInputSchema(input: LiteralInput): JsonSchema {
  const { dataType, uoms, allowedValues, default: defaultText } = input;
  const defaultValue =
    defaultText === undefined ? {} : { default: literalJson(defaultText, dataType) };
  const type = typeSchema(dataType);
  const value = allowedValues ? allowedSchema(type, allowedValues, dataType) : type;
  if (!uoms) return { ...value, ...defaultValue };
  // Allowed values are in the default unit; the process handles values in other units.
  return { anyOf: [value, measureSchema(type, uoms)], ...defaultValue };
}

const typeSchemas: Readonly<Record<LiteralDataType, JsonSchema>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  double: { type: 'number', format: 'double' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  dateTime: { type: 'string', format: 'date-time' },
  anyURI: { type: 'string', format: 'uri' },
};

/** Whether a text from a job record is the name of a data type. */
export function isLiteralType(name: string | undefined): name is LiteralDataType {
  return name !== undefined && Object.hasOwn(typeSchemas, name);
}

function typeSchema(dataType: LiteralDataType): JsonSchema {
  return typeSchemas[dataType];
}

/** A literal in its JSON type; a value without a JSON number (`INF`) stays text. */
export function literalJson(text: string, dataType: LiteralDataType): JsonConstant {
  switch (dataType) {
    case 'integer':
    case 'double': {
      const number = Number(text);
      return Number.isFinite(number) && text.trim() !== '' ? number : text;
    }
    case 'boolean':
      return /^(true|1)$/i.test(text.trim());
    default:
      return text;
  }
}

function allowedSchema(
  type: JsonSchema,
  allowed: readonly (string | ValueRange)[],
  dataType: LiteralDataType,
): JsonSchema {
  const values = allowed.filter((value) => typeof value === 'string');
  const ranges = allowed.filter((value) => typeof value !== 'string');
  const schemas: JsonSchema[] = [
    ...(values.length > 0
      ? [{ ...type, enum: values.map((value) => literalJson(value, dataType)) }]
      : []),
    ...ranges.map((range) => ({ ...type, ...rangeSchema(range, dataType) })),
  ];
  const [only] = schemas;
  return schemas.length === 1 && only ? only : { anyOf: schemas };
}

/** JSON Schema can limit only numbers; the description states the limits of dates. */
function rangeSchema({ minimum, maximum }: ValueRange, dataType: LiteralDataType): JsonSchema {
  if (dataType === 'integer' || dataType === 'double') {
    return {
      ...(minimum === undefined ? {} : { minimum: Number(minimum) }),
      ...(maximum === undefined ? {} : { maximum: Number(maximum) }),
    };
  }
  if (minimum === undefined) return { description: `Up to ${maximum}.` };
  return {
    description: maximum === undefined ? `From ${minimum}.` : `${minimum} to ${maximum}.`,
  };
}

/** A value with its unit, in the form of the standard's own examples. */
function measureSchema(value: JsonSchema, uoms: readonly [string, ...string[]]): JsonSchema {
  return {
    type: 'object',
    required: ['measurement', 'uom'],
    properties: {
      measurement: value,
      uom: { type: 'string', enum: uoms, default: uoms[0] },
    },
  };
}

function formatSchema(format: Format): JsonSchema {
  const { mimeType: contentMediaType, schema } = format;
  if (isJsonType(contentMediaType) && isTextFormat(format)) {
    // The value itself is part of the document, so the media type says nothing about a string's content.
    const { type, anyOf, oneOf, allOf } = format.jsonSchema ?? {};
    const isTyped = [type, anyOf, oneOf, allOf].some((found) => found !== undefined);
    return isTyped ? { ...format.jsonSchema } : { contentMediaType, ...format.jsonSchema };
  }
  const content = {
    contentMediaType,
    ...(schema === undefined ? {} : { contentSchema: schema }),
  };
  return isTextFormat(format)
    ? { type: 'string', ...content }
    : { type: 'string', format: 'byte', contentEncoding: 'base64', ...content };
}

/** `oneOf` if a value can match at most one schema, `anyOf` if it may match several. */
function alternatives(schemas: readonly JsonSchema[]): JsonSchema {
  const [only] = schemas;
  if (schemas.length === 1 && only) return only;
  const types = schemas.map(({ type }) => type);
  const areApart =
    types.every((type) => type !== undefined) && new Set(types).size === types.length;
  return areApart ? { oneOf: schemas } : { anyOf: schemas };
}

/** Corners in the order of the system's axes: lower, then upper (18-062r2, `bbox.yaml`). */
function boxSchema({ crss }: BoundingBoxInput | BoundingBoxOutput): JsonSchema {
  const [first, ...others] = crss.map(crsUri);
  const crs = [...new Set([first, ...others])].filter((uri) => uri !== undefined);
  return {
    type: 'object',
    format: 'ogc-bbox',
    required: ['bbox'],
    properties: {
      bbox: {
        type: 'array',
        items: { type: 'number' },
        oneOf: [
          { minItems: 4, maxItems: 4 },
          { minItems: 6, maxItems: 6 },
        ],
      },
      crs: {
        type: 'string',
        format: 'uri',
        enum: crs,
        ...(crs[0] === undefined ? {} : { default: crs[0] }),
      },
    },
  };
}
