/**
 * The job's stored documents, in this version of the contract between the functions and the runner and in
 * earlier versions. Jobs are stored for weeks, and a runner may have started before its environment was
 * upgraded.
 *
 * An earlier shape is recognised field by field. Its fields are kept beside the fields that replace them, so
 * that a runner of the earlier version can continue to read and write the record.
 */

import {
  type ComplexSource,
  type InlineValue,
  type InputValue,
  type Job,
  type JobFailure,
  type JobInput,
  jobStatuses,
  type PublishedOutput,
  type Reference,
} from './job.ts';

/** Version that is written. A record without a version is version 1. */
export const recordVersion = 2;

/** The fields of a version 1 record that differ. */
interface JobOfVersion1 {
  /** URL of the WPS endpoint, ending in `/`. */
  readonly endpoint: string;
  readonly stored: boolean;
  readonly statusUpdates: boolean;
  readonly lineage: boolean;
  readonly raw: boolean;
}

type FailureOfVersion1 = {
  readonly code: string;
  readonly text: string;
  readonly locator?: string;
};
type ContentOfVersion1 = InlineValue | { readonly xml: string };
type OutputOfVersion1 = Omit<PublishedOutput, 'inline'> & { readonly inline?: ContentOfVersion1 };
type ReferenceOfVersion1 = Omit<Reference, 'body'> & {
  readonly body?: Reference['body'] | ContentOfVersion1;
};

/** What the file may contain. */
type StoredRecord = Omit<Job, 'failure' | 'outputs'> &
  Partial<JobOfVersion1> & {
    readonly version?: number;
    readonly failure?: JobFailure | FailureOfVersion1;
    readonly outputs: readonly OutputOfVersion1[];
  };
type StoredInput = Omit<JobInput, 'value'> & {
  readonly value:
    | Exclude<InputValue, { kind: 'complex' }>
    | (Omit<Extract<InputValue, { kind: 'complex' }>, 'source'> & {
        readonly source: ContentOfVersion1 | ReferenceOfVersion1;
      });
};

/** The record as it is stored. */
export function writeJobRecord(job: Job): string {
  return JSON.stringify({ ...job, version: recordVersion });
}

/** A record, or inputs, that cannot be read: something other than this service wrote to the file. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord';
}

/** The message to the user of a job that ended because of a damaged file. */
export const damagedFile =
  'The job was lost because a file of the service was damaged. Please send the request again.';

/**
 * Reads a stored record of this version or an earlier one.
 *
 * @throws {DamagedRecord} if the text is not a record
 * @throws if a later version wrote it
 */
export function readJobRecord(text: string): Job {
  const { version = 1, failure, outputs, ...record } = parseRecord(text);
  if (version > recordVersion) {
    throw new Error(
      `the record is of version ${version}; this release reads versions 1 to ${recordVersion}`,
    );
  }
  return {
    ...record,
    baseUrl: record.baseUrl ?? baseUrlOf(record.endpoint ?? ''),
    presentation: record.presentation ?? presentationOf(record),
    outputs: outputs.map((output) =>
      output.inline ? { ...output, inline: contentOf(output.inline) } : withoutInline(output),
    ),
    ...(failure ? { failure: failureOf(failure) } : {}),
  };
}

function parseRecord(text: string): StoredRecord {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new DamagedRecord('the record is not JSON', { cause: error });
  }
  if (isRecord(found)) return found;
  throw new DamagedRecord('the record lacks what every record has');
}

function isRecord(found: unknown): found is StoredRecord {
  return (
    typeof found === 'object' &&
    found !== null &&
    'id' in found &&
    'process' in found &&
    'status' in found &&
    jobStatuses.some((status) => status === found.status) &&
    'outputs' in found &&
    Array.isArray(found.outputs)
  );
}

/**
 * Reads stored inputs of this version or an earlier one.
 *
 * @throws {DamagedRecord} if the text does not contain inputs
 */
export function readJobInputs(text: string): readonly JobInput[] {
  return parseInputs(text).map((input): JobInput => {
    const { value } = input;
    return value.kind === 'complex'
      ? { ...input, value: { ...value, source: sourceOf(value.source) } }
      : { ...input, value };
  });
}

function parseInputs(text: string): readonly StoredInput[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new DamagedRecord('the inputs are not JSON', { cause: error });
  }
  if (Array.isArray(found) && found.every(isInput)) return found;
  throw new DamagedRecord('the inputs lack what all inputs have');
}

function isInput(found: unknown): found is StoredInput {
  const hasFields = typeof found === 'object' && found !== null && 'identifier' in found;
  if (!hasFields || !('value' in found)) return false;
  const { value } = found;
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind !== 'complex' ||
      ('source' in value && typeof value.source === 'object' && value.source !== null))
  );
}

function baseUrlOf(endpoint: string): string {
  return endpoint.replace(/wps\/$/, '');
}

/** Version 1 had one protocol only. */
function presentationOf(record: Partial<JobOfVersion1>): Job['presentation'] {
  const { stored = false, statusUpdates = false, lineage = false, raw = false } = record;
  return { protocol: 'wps-1.0', store: stored, status: statusUpdates, lineage, raw };
}

const failureKinds: Readonly<Record<string, JobFailure['kind']>> = {
  InvalidParameterValue: 'invalid-value',
  NotEnoughStorage: 'storage-full',
  FileSizeExceeded: 'too-large',
};

function failureOf(failure: JobFailure | FailureOfVersion1): JobFailure {
  if ('kind' in failure) return failure;
  const { code, text, locator } = failure;
  const kind = failureKinds[code] ?? 'internal';
  return { kind, text, ...(locator === undefined ? {} : { subject: locator }) };
}

function withoutInline({ inline: _, ...output }: OutputOfVersion1): PublishedOutput {
  return output;
}

function contentOf(content: ContentOfVersion1): InlineValue {
  return 'xml' in content ? { text: content.xml } : content;
}

function sourceOf(source: ContentOfVersion1 | ReferenceOfVersion1): ComplexSource {
  if (!('href' in source)) return contentOf(source);
  const { body, ...reference } = source;
  return body ? { ...reference, body: bodyOf(body) } : reference;
}

function bodyOf(body: NonNullable<ReferenceOfVersion1['body']>): NonNullable<Reference['body']> {
  if ('mimeType' in body) return body;
  if ('xml' in body) return { text: body.xml, mimeType: 'text/xml' };
  return { text: 'text' in body ? body.text : '', mimeType: 'text/plain' };
}
