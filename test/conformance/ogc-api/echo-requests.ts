import type { JsonValue } from '../../../batch-jobs/api/job.ts';
import type { ApiUnderTest, Document } from './api-under-test.ts';

/** The text that requests send and that answers must contain. */
export const testString = 'teststring';

export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

export type EchoRequest = {
  inputs: Record<string, JsonValue>;
  outputs?: Record<string, JsonValue>;
  response?: string;
};

/** The value that the test suite uses for an input that its test is not about. Undefined omits the input. */
function usualValue(schema: Document): JsonValue | undefined {
  const types: Document[] = schema.type ? [schema] : (schema.oneOf ?? []);
  let value: JsonValue | undefined;
  for (const { type, format, contentMediaType, properties } of types) {
    if (type === 'string' && !format && !contentMediaType) value = testString;
    else if (properties?.bbox) {
      value = { bbox: Array(4).fill(345345345), crs: 'urn:ogc:def:crs:EPSG:6.6:4326' };
    } else if (type === 'object') value = { value: testString };
  }
  return value;
}

/**
 * An execute request for the echo process, made from the process's description as the test suite makes it:
 * all outputs by value, and every input for which the suite can make up a value.
 */
export async function echoRequest(
  { read }: ApiUnderTest,
  change: Partial<EchoRequest> = {},
): Promise<EchoRequest> {
  const { inputs, outputs }: Document = (await read('processes/echo-inputs')).json();
  const values = Object.entries<Document>(inputs).flatMap(([id, { schema }]) => {
    const value = usualValue(schema);
    return value === undefined ? [] : [[id, value] as const];
  });
  return {
    outputs: Object.fromEntries(
      Object.keys(outputs).map((id) => [id, { transmissionMode: 'value' }]),
    ),
    ...change,
    inputs: { ...Object.fromEntries(values), ...change.inputs },
  };
}

/** Only the first input, which the output of the same name returns. */
export async function oneOutputRequest(
  api: ApiUnderTest,
  response: 'raw' | 'document',
): Promise<EchoRequest> {
  const { inputs } = await echoRequest(api);
  return { inputs, outputs: { stringInput: { transmissionMode: 'value' } }, response };
}
