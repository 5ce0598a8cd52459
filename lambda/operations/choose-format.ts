import type { Format } from '../../batch-jobs/api/process-description.ts';
import { quoted, ServiceFault } from '../service-fault.ts';
import type { FormatChoice } from './execute-command.ts';

/**
 * The offered format that a choice means; the first that fits supplies what the choice leaves out.
 *
 * @throws {ServiceFault} if no format fits
 */
export function chooseFormat(
  formats: readonly [Format, ...Format[]],
  asked: FormatChoice,
  what: string,
  subject: string,
): Format {
  const choice = withoutEmpty(asked);
  const format = formats.find(
    ({ mimeType, encoding, schema }) =>
      (choice.mimeType === undefined || choice.mimeType.toLowerCase() === mimeType.toLowerCase()) &&
      (choice.encoding === undefined || isEncoding(choice.encoding, encoding)) &&
      (choice.schema === undefined || choice.schema === schema),
  );
  if (format) return format;
  const found = [choice.mimeType, choice.encoding, choice.schema]
    .filter((part) => part !== undefined)
    .join(', ');
  throw new ServiceFault(
    'unsupported-format',
    `${what} is not offered as "${found}"; allowed: ${quoted(formats.map((allowed) => allowed.mimeType))}.`,
    { subject },
  );
}

/** Clients write `schema=""` for a schema that the description does not have; ignore empty values. */
function withoutEmpty(choice: FormatChoice): FormatChoice {
  const { mimeType, encoding, schema } = choice;
  return {
    ...(mimeType ? { mimeType } : {}),
    ...(encoding ? { encoding } : {}),
    ...(schema ? { schema } : {}),
  };
}

/** A value that is not binary by its description may still travel as base64 or be declared as UTF-8. */
function isEncoding(chosen: string, offered: string | undefined): boolean {
  const encodings = offered === undefined ? ['utf-8', 'base64'] : [offered.toLowerCase()];
  return encodings.includes(chosen.toLowerCase());
}
