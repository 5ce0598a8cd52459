import type { ComplexInput } from '../../../../batch-jobs/api/process-description.ts';
import { readableBytes } from '../../../readable.ts';
import { formatWords } from '../format-words.ts';
import { words } from '../words.ts';
import { controlId, described, Field, type FieldProps } from './field.tsx';
import { control, formatKey } from './form-request.ts';

interface ComplexFieldProps extends FieldProps<ComplexInput> {
  /** Whether the service fetches inputs from addresses. */
  readonly takesReferences: boolean;
}

/** Data of an input as text, as files, or as addresses to fetch it from. */
export function ComplexField({
  input,
  values,
  faults,
  constraint,
  takesReferences,
}: ComplexFieldProps) {
  const { identifier, title, formats, maximumMegabytes, maxOccurs } = input;
  const text = words.process;
  const name = control.input(identifier);
  const given = values.getAll(name);
  const hrefs = values.getAll(control.href(identifier));
  const shown = maxOccurs > 1 ? Math.min(maxOccurs, given.length + 1) : 1;
  const size = readableBytes(maximumMegabytes * 1024 * 1024);
  const isBinary = formats.every(({ encoding }) => encoding === 'base64');
  return (
    <Field
      input={input}
      faults={faults}
      constraint={constraint}
      hints={[text.maximumSize(size)]}
      single={false}
    >
      {isBinary ? undefined : (
        <div class="controls" {...(maxOccurs > 1 ? { 'data-repeat': String(maxOccurs) } : {})}>
          {Array.from({ length: shown }, (_, index) => (
            <textarea
              id={index === 0 ? controlId(identifier) : `${controlId(identifier)}-${index + 1}`}
              name={name}
              rows={4}
              spellcheck={false}
              aria-label={`${title}: ${text.text}`}
              {...described(identifier, faults)}
            >
              {given[index] ?? ''}
            </textarea>
          ))}
        </div>
      )}
      <div class="row">
        <label>
          <span>{isBinary ? text.onlyFile : text.file}</span>
          <input
            type="file"
            name={control.file(identifier)}
            accept={formats.map(({ extension, mimeType }) => `${mimeType},${extension}`).join(',')}
            multiple={maxOccurs > 1}
          />
        </label>
        <label>
          <span>{text.format}</span>
          <select name={control.format(identifier)}>
            {formats.map((format) => (
              <option
                value={formatKey(format)}
                selected={formatKey(format) === values.get(control.format(identifier))}
              >
                {formatWords(format.mimeType)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {takesReferences ? (
        <label>
          <span>{text.href}</span>
          <input type="url" name={control.href(identifier)} value={hrefs[0] ?? ''} />
        </label>
      ) : undefined}
    </Field>
  );
}
