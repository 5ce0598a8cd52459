/** A constant of a description: anything that JSON can represent. */
export type JsonConstant =
  | string
  | number
  | boolean
  | null
  | readonly JsonConstant[]
  | { readonly [key: string]: JsonConstant };

/**
 * A schema of JSON values in the dialect of OpenAPI 3.0, which OGC API - Processes uses to describe inputs
 * and outputs.
 *
 * Source: OpenAPI Specification 3.0.3, "Schema Object"; OGC 18-062r2, clause 9.2, `schema.yaml`.
 */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string';
  readonly format?: string;
  readonly enum?: readonly JsonConstant[];
  readonly default?: JsonConstant;
  readonly example?: JsonConstant;
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  /** Media type of a string's content. */
  readonly contentMediaType?: string;
  /** Encoding of a string's content: `base64`. */
  readonly contentEncoding?: string;
  /** URI of the schema that a string's content conforms to. */
  readonly contentSchema?: string;
  readonly $ref?: string;
}
