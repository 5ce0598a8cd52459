import type {
  ComplexSource,
  InputValue,
  Job,
  JobInput,
  JsonValue,
} from '../../../batch-jobs/api/job.ts';
import { crsUri } from './crs-uri.ts';
import { paths, selfLinks } from './links.ts';
import { isJsonType } from './media-types.ts';
import { isLiteralType, literalJson } from './value-schemas.ts';

/**
 * The inputs of a job as an execute request that, sent again, asks for the same. Leaves out defaults that the
 * process filled in, and headers of references, which may contain credentials. Not part of the standard.
 */
export function encodeInputs(job: Job, inputs: readonly JobInput[]) {
  const given = inputs.filter((input) => input.given);
  const identifiers = [...new Set(given.map(({ identifier }) => identifier))];
  return {
    processID: job.process.identifier,
    jobID: job.id,
    inputs: Object.fromEntries(
      identifiers.map((identifier) => {
        const values = given
          .filter((input) => input.identifier === identifier)
          .map(({ value }) => inputValue(value));
        return [identifier, values.length === 1 ? values[0] : values];
      }),
    ),
    outputs: Object.fromEntries(
      job.requestedOutputs.map(({ identifier, mimeType, encoding, schema, transmission }) => [
        identifier,
        {
          ...(mimeType === undefined
            ? {}
            : {
                format: {
                  mediaType: mimeType,
                  ...(encoding === undefined ? {} : { encoding }),
                  ...(schema === undefined ? {} : { schema }),
                },
              }),
          transmissionMode: transmission,
        },
      ]),
    ),
    links: selfLinks(`${job.baseUrl}${paths.inputs(job.id)}`, 'Inputs of the job'),
  };
}

function inputValue(value: InputValue): JsonValue {
  switch (value.kind) {
    case 'literal': {
      const { dataType, uom } = value;
      const json = isLiteralType(dataType) ? literalJson(value.value, dataType) : value.value;
      return uom === undefined ? json : { value: { measurement: json, uom } };
    }
    case 'bounding-box':
      return { bbox: [...value.lower, ...value.upper], crs: crsUri(value.crs) };
    case 'complex':
      return complexValue(value.mimeType, value.source, value);
  }
}

function complexValue(
  mediaType: string,
  source: ComplexSource,
  { encoding, schema }: { readonly encoding?: string; readonly schema?: string },
): JsonValue {
  if ('href' in source) return { href: source.href, type: mediaType };
  const format = {
    mediaType,
    ...(encoding === undefined ? {} : { encoding }),
    ...(schema === undefined ? {} : { schema }),
  };
  if ('base64' in source) return { value: source.base64, ...format, encoding: 'base64' };
  return { value: isJsonType(mediaType) ? parsed(source.text) : source.text, ...format };
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
