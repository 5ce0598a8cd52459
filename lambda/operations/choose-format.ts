import type { Format } from '../../batch-jobs/api/process-description.ts';
import type { FormatChoice } from './execute-command.ts';
import { quoted, ServiceFault } from './service-fault.ts';

/**
 * The format on offer that a choice means; what it leaves out is taken from the first that fits.
 *
 * @throws {ServiceFault} when none fits
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

/** Clients write `schema=""` for what a description does not have: it names none. */
function withoutEmpty(choice: FormatChoice): FormatChoice {
  const { mimeType, encoding, schema } = choice;
  return {
    ...(mimeType ? { mimeType } : {}),
    ...(encoding ? { encoding } : {}),
    ...(schema ? { schema } : {}),
  };
}

/** What is not binary by its description may still travel as base64 or be called UTF-8. */
function isEncoding(chosen: string, offered: string | undefined): boolean {
  const encodings = offered === undefined ? ['utf-8', 'base64'] : [offered.toLowerCase()];
  return encodings.includes(chosen.toLowerCase());
}
