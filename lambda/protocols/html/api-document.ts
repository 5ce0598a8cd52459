/** The parts of the API's OpenAPI 3.0 document that its page reads. */
export interface ApiDocument {
  readonly info: {
    readonly title: string;
    readonly description?: string;
    readonly version: string;
  };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly parameters: Readonly<Record<string, ApiParameter>>;
    readonly responses: Readonly<Record<string, ApiResponse>>;
  };
}

export interface ApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly requestBody?: { readonly content: ApiContent };
  readonly responses: Readonly<Record<string, ApiResponse | { readonly $ref: string }>>;
}

export interface ApiParameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly required?: boolean;
  readonly schema: object;
}

export interface ApiResponse {
  readonly description: string;
  readonly content?: ApiContent;
}

type ApiContent = Readonly<Record<string, { readonly schema: object }>>;

/** An operation with its method and path. */
export interface PlacedOperation extends ApiOperation {
  readonly method: string;
  readonly path: string;
}

/** The operations of a tag, in the order of the document. */
export function operationsOf({ paths }: ApiDocument, tag: string): readonly PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** The parameters of an operation, with references resolved. */
export function parametersOf(document: ApiDocument, operation: ApiOperation): ApiParameter[] {
  const { parameters } = document.components;
  return (operation.parameters ?? []).flatMap(({ $ref }) => parameters[nameIn($ref)] ?? []);
}

/** The responses of an operation by status, with references resolved. */
export function responsesOf(
  { components }: ApiDocument,
  operation: ApiOperation,
): readonly (readonly [string, ApiResponse])[] {
  return Object.entries(operation.responses).map(([status, response]) => {
    const found = '$ref' in response ? components.responses[nameIn(response.$ref)] : response;
    return [status, found ?? { description: '' }] as const;
  });
}

function nameIn(reference: string): string {
  return reference.replace(/.*\//, '');
}
