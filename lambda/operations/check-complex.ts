import type { ComplexSource, InputValue, XmlOrText } from '../../batch-jobs/api/job.ts';
import type { ComplexInput } from '../../batch-jobs/api/process-description.ts';
import { refusedHost } from '../../batch-jobs/api/reference-hosts.ts';
import { OwsException } from '../wps/ows-exception.ts';
import type { FormatChoice, InputData } from '../wps/requests.ts';
import { chooseFormat } from './choose-format.ts';

/**
 * A complex value given in the request, in one of the offered formats.
 *
 * @throws {OwsException} naming the input as locator
 */
export function checkComplex(
  described: ComplexInput,
  choice: FormatChoice,
  content: XmlOrText,
): InputValue {
  const { identifier, maximumMegabytes } = described;
  const text = 'xml' in content ? content.xml : content.text;
  if (Buffer.byteLength(text) > maximumMegabytes * 1024 * 1024) {
    throw new OwsException(
      'FileSizeExceeded',
      `Input "${identifier}" is larger than ${maximumMegabytes} MiB.`,
      { locator: identifier },
    );
  }
  return {
    ...formatOf(described, choice),
    source: choice.encoding?.toLowerCase() === 'base64' ? base64Of(described, text) : content,
  };
}

/**
 * A complex value to be fetched, from a host that references may name.
 *
 * @throws {OwsException} naming the input as locator
 */
export function checkReference(
  described: ComplexInput,
  data: Extract<InputData, { kind: 'reference' }>,
  referenceHosts: readonly string[],
): InputValue {
  const { kind: _, mimeType, encoding, schema, ...reference } = data;
  for (const url of [reference.href, reference.bodyReference]) {
    const refusal = url === undefined ? undefined : refusedHost(url, referenceHosts);
    if (refusal) {
      throw new OwsException(
        'InvalidParameterValue',
        `Input "${described.identifier}" cannot be fetched: ${refusal}`,
        { locator: described.identifier },
      );
    }
  }
  return { ...formatOf(described, data), source: reference };
}

function formatOf({ identifier, formats }: ComplexInput, choice: FormatChoice) {
  const format = chooseFormat(formats, choice, `Input "${identifier}"`, identifier);
  return {
    kind: 'complex' as const,
    mimeType: format.mimeType,
    ...(format.encoding === undefined ? {} : { encoding: format.encoding }),
    ...(format.schema === undefined ? {} : { schema: format.schema }),
  };
}

function base64Of({ identifier }: ComplexInput, text: string): ComplexSource {
  const base64 = text.replaceAll(/\s+/g, '');
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.length % 4 === 0) return { base64 };
  throw new OwsException(
    'InvalidParameterValue',
    `Input "${identifier}" is declared as base64 and is not; allowed: base64 of RFC 4648, clause 4.`,
    { locator: identifier },
  );
}
