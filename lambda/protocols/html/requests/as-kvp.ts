import type { FormInput, FormRequest } from '../form/form-request.ts';

/**
 * Query of a WPS 1.0.0 Execute by GET (OGC 05-007r7, clause 10.2.2).
 *
 * @returns undefined if an input is a file, which a URL cannot contain
 */
export function asKvp({ process, inputs, outputs }: FormRequest): string | undefined {
  const texts = inputs.map(kvpInput);
  if (texts.some((text) => text === undefined)) return undefined;
  const wanted = outputs.map(({ identifier, mimeType }) =>
    [
      part(identifier),
      'asReference=true',
      ...(mimeType ? [`mimeType=${part(mimeType)}`] : []),
    ].join('@'),
  );
  return [
    'service=WPS&version=1.0.0&request=Execute',
    `identifier=${part(process)}`,
    `DataInputs=${texts.join(';')}`,
    ...(wanted.length > 0 ? [`ResponseDocument=${wanted.join(';')}`] : []),
    'storeExecuteResponse=true&status=true',
  ].join('&');
}

function kvpInput(input: FormInput): string | undefined {
  const name = part(input.identifier);
  switch (input.kind) {
    case 'literal':
      return `${name}=${part(input.value)}${input.uom === undefined ? '' : `@uom=${part(input.uom)}`}`;
    case 'bounding-box':
      return `${name}=${part([...input.lower, ...input.upper, input.crs].join(','))}`;
    case 'complex': {
      const { content, mimeType } = input;
      if ('base64' in content) return undefined;
      const format = `@mimeType=${part(mimeType)}`;
      return 'href' in content
        ? `${name}=${format}@href=${part(content.href)}`
        : `${name}=${part(content.text)}${format}`;
    }
  }
}

/** Encodes a part of the list, including the list's separators `;`, `@` and `=`. */
function part(text: string): string {
  return encodeURIComponent(text);
}
