import type { InlineValue, InputValue, Reference } from '../../batch-jobs/api/job.ts';
import type { ComplexInput } from '../../batch-jobs/api/process-description.ts';
import { refusedHeader } from '../../batch-jobs/api/reference-headers.ts';
import { refusedHost } from '../../batch-jobs/api/reference-hosts.ts';
import { ServiceFault } from '../service-fault.ts';
import { chooseFormat } from './choose-format.ts';
import type { FormatChoice, InputData } from './execute-command.ts';
import type { JsonCheck } from './json-check.ts';

/**
 * Checks a complex value given in the request, in one of the offered formats.
 *
 * @param checkJson for formats that have a JSON Schema
 * @throws {ServiceFault} naming the input as subject
 */
export function checkComplex(
  described: ComplexInput,
  choice: FormatChoice,
  content: InlineValue,
  checkJson?: JsonCheck,
): InputValue {
  const { identifier, maximumMegabytes } = described;
  const { jsonSchema, format } = formatOf(described, choice);
  // The description supplies what the request leaves out.
  const encoding = choice.encoding || format.encoding;
  const isBase64 = 'base64' in content || encoding?.toLowerCase() === 'base64';
  const source = isBase64 ? base64Of(described, textOf(content)) : content;
  const size =
    'base64' in source
      ? Buffer.byteLength(source.base64, 'base64')
      : Buffer.byteLength(textOf(source));
  if (size > maximumMegabytes * 1024 * 1024) {
    throw new ServiceFault(
      'too-large',
      `Input "${identifier}" is larger than ${maximumMegabytes} MiB.`,
      { subject: identifier },
    );
  }
  if (jsonSchema && !checkJson) throw new Error(`input ${identifier} is not checked by its schema`);
  if (jsonSchema) checkJson?.(identifier, jsonSchema, decodedText(source));
  return { ...format, source };
}

/**
 * Checks a complex value to be fetched, from a host that references may name or from an output of this
 * service.
 *
 * @throws {ServiceFault} naming the input as subject
 */
export function checkReference(
  described: ComplexInput,
  data: Extract<InputData, { kind: 'reference' }>,
  referenceHosts: readonly string[],
): InputValue {
  const { kind: _, mimeType, encoding, schema, ...reference } = data;
  const { ownOutput } = reference;
  if (ownOutput && ownOutput.size > described.maximumMegabytes * 1024 * 1024) {
    throw new ServiceFault(
      'too-large',
      `Input "${described.identifier}" is larger than ${described.maximumMegabytes} MiB.`,
      { subject: described.identifier },
    );
  }
  const refusal = ownOutput ? undefined : refusedReference(reference, referenceHosts);
  if (refusal) {
    throw new ServiceFault(
      'invalid-value',
      `Input "${described.identifier}" cannot be fetched: ${refusal}`,
      { subject: described.identifier },
    );
  }
  return { ...formatOf(described, data).format, source: reference };
}

/**
 * Why a reference is refused, as far as the request shows. The runner checks the addresses that the hosts
 * resolve to.
 */
function refusedReference(
  { href, method, headers, body, bodyReference }: Reference,
  hosts: readonly string[],
): string | undefined {
  if (method === 'GET' && (body || bodyReference !== undefined)) {
    return 'its reference has a body; allowed: a body together with method="POST".';
  }
  return (
    refusedHost(href, hosts) ??
    (bodyReference === undefined ? undefined : refusedHost(bodyReference, hosts)) ??
    headers.map(({ key, value }) => refusedHeader(key, value)).find((refused) => refused)
  );
}

function formatOf({ identifier, formats }: ComplexInput, choice: FormatChoice) {
  const format = chooseFormat(formats, choice, `Input "${identifier}"`, identifier);
  return {
    jsonSchema: format.jsonSchema,
    format: {
      kind: 'complex' as const,
      mimeType: format.mimeType,
      ...(format.encoding === undefined ? {} : { encoding: format.encoding }),
      ...(format.schema === undefined ? {} : { schema: format.schema }),
    },
  };
}

function decodedText(content: InlineValue): string {
  return 'base64' in content ? Buffer.from(content.base64, 'base64').toString() : content.text;
}

function textOf(content: InlineValue): string {
  return 'base64' in content ? content.base64 : content.text;
}

function base64Of({ identifier }: ComplexInput, text: string): { readonly base64: string } {
  const base64 = text.replaceAll(/\s+/g, '');
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.length % 4 === 0) return { base64 };
  throw new ServiceFault(
    'invalid-value',
    `Input "${identifier}" is declared as base64 and is not; allowed: base64 of RFC 4648, clause 4.`,
    { subject: identifier },
  );
}
