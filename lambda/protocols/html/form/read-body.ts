import type { ServiceRequest } from '../../../http.ts';
import { ServiceFault } from '../../../service-fault.ts';
import { control, type FormFile, type FormValues } from './form-request.ts';

export interface FormBody {
  readonly values: FormValues;
  /** By the identifier of their input. */
  readonly files: ReadonlyMap<string, readonly FormFile[]>;
}

/**
 * Reads a form that a browser sent: a query string, or multipart if it has files.
 *
 * @throws {ServiceFault} if it is neither, or too large
 */
export async function readBody(
  { body, headers }: ServiceRequest,
  maximumBytes: number,
): Promise<FormBody> {
  if (body.length > maximumBytes) {
    throw new ServiceFault(
      'too-large',
      `The form is larger than ${maximumBytes} bytes. Give large data by an address to fetch it from.`,
    );
  }
  const contentType = headers['content-type'] ?? '';
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(
    contentType,
  );
  if (!isForm) throw new ServiceFault('invalid-value', 'The request is no form.');
  try {
    // The platform's own parser of forms, which reads both kinds.
    const data = await new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData();
    return await partsOf(data);
  } catch (cause) {
    throw new ServiceFault('invalid-value', 'The form cannot be read.', { cause });
  }
}

async function partsOf(data: FormData): Promise<FormBody> {
  const values = new URLSearchParams();
  const files = new Map<string, FormFile[]>();
  const prefix = control.file('');
  for (const [name, value] of data) {
    if (typeof value === 'string') values.append(name, lineEnds(value));
    // A file control without a chosen file sends an empty file.
    else if (name.startsWith(prefix) && (value.size > 0 || value.name !== '')) {
      const identifier = name.slice(prefix.length);
      const base64 = Buffer.from(await value.arrayBuffer()).toString('base64');
      files.set(identifier, [...(files.get(identifier) ?? []), { name: value.name, base64 }]);
    }
  }
  return { values, files };
}

/** Browsers send the lines of a text area with CR LF (WHATWG HTML, "constructing the entry list"). */
function lineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/**
 * The text of a file, for formats that are not base64: processes expect text.
 *
 * @returns undefined if the bytes are not UTF-8
 */
export function textOfFile({ base64 }: FormFile): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
