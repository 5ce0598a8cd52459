import type { Suggestion } from '../../../../batch-jobs/api/process-advice.ts';
import type { LiteralInput, ValueRange } from '../../../../batch-jobs/api/process-description.ts';
import { areaWords, periodWords } from '../coverage-words.ts';
import { formatWords } from '../format-words.ts';
import { words } from '../words.ts';
import { choice, controlId, described, Field, type FieldProps } from './field.tsx';
import { control } from './form-request.ts';
import { isForMail } from './private-input.ts';

interface LiteralFieldProps extends FieldProps<LiteralInput> {
  readonly suggestions: readonly Suggestion[] | undefined;
}

/** A control for each value of a literal input, chosen by its type and allowed values. */
export function LiteralField({
  input,
  values,
  faults,
  constraint,
  suggestions,
}: LiteralFieldProps) {
  const { identifier, maxOccurs, uoms, allowedValues, dataType } = input;
  const name = control.input(identifier);
  const given = values.getAll(name);
  const choices = choicesOf(input);
  const isYesNo = dataType === 'boolean' && !allowedValues && maxOccurs === 1;
  // One control more than there are values, as long as that is allowed: this also works without scripts.
  const shown = maxOccurs > 1 ? Math.min(maxOccurs, given.length + 1) : 1;
  const indices = Array.from({ length: shown }, (_, index) => index);
  const single = maxOccurs === 1 && !uoms?.[1] && !isYesNo;
  return (
    <Field
      input={input}
      faults={faults}
      constraint={constraint}
      hints={hintsOf(input)}
      single={single}
    >
      <div class="controls" {...(maxOccurs > 1 ? { 'data-repeat': String(maxOccurs) } : {})}>
        {indices.map((index) => {
          const value = given[index] ?? '';
          const attributes = {
            id: index === 0 ? controlId(identifier) : `${controlId(identifier)}-${index + 1}`,
            name,
            ...described(identifier, faults),
            ...(isForMail(input) ? { 'data-private': '' } : {}),
            ...(single ? {} : { 'aria-label': input.title }),
          };
          if (isYesNo) return <YesNo input={input} value={value} constraint={constraint} />;
          if (choices) {
            return (
              <Choice input={input} value={value} attributes={attributes} constraint={constraint} />
            );
          }
          return (
            <input
              {...attributes}
              {...controlType(input)}
              value={value}
              {...(suggestions ? { list: `suggest-${identifier}`, autocomplete: 'off' } : {})}
            />
          );
        })}
        {uoms?.[1] ? (
          <select
            name={control.uom(identifier)}
            aria-label={`${input.title}: ${words.process.unit}`}
          >
            {uoms.map((uom) => (
              <option value={uom} selected={uom === values.get(control.uom(identifier))}>
                {uom}
              </option>
            ))}
          </select>
        ) : uoms ? (
          <span class="unit">{uoms[0]}</span>
        ) : undefined}
      </div>
      {suggestions ? (
        <datalist id={`suggest-${identifier}`} data-live>
          {suggestions.map((suggestion) => (
            // Browsers omit disabled options from the list.
            <option {...choice(suggestion.value, false, constraint?.values)}>
              {suggestionWords(suggestion)}
            </option>
          ))}
        </datalist>
      ) : undefined}
    </Field>
  );
}

/** A suggested value, described in one line. */
function suggestionWords({ value, title, abstract, coverage }: Suggestion): string {
  const variables = coverage?.variables?.map((each) => each.title ?? each.name).join(', ');
  const period = coverage && periodWords({ ...coverage, spacing: {} });
  const area = coverage && areaWords({ ...coverage, spacing: {} });
  const about = [title, shortened(abstract ?? ''), variables, period, area].filter((each) => each);
  return about.length > 0 ? about.join('; ') : value;
}

/** Limits abstracts to one line each in a list of suggestions: an abstract may be pages long. */
const longestAbstract = 160;

function shortened(text: string): string {
  return text.length > longestAbstract ? `${text.slice(0, longestAbstract).trimEnd()}…` : text;
}

interface ChoiceProps extends Pick<FieldProps<LiteralInput>, 'constraint'> {
  readonly input: LiteralInput;
  readonly value: string;
  readonly attributes: Readonly<Record<string, string>>;
}

function Choice({ input, value, attributes, constraint }: ChoiceProps) {
  const choices = choicesOf(input) ?? [];
  const { minOccurs, maxOccurs, default: fallback } = input;
  // If there may be several values, unused controls stay empty.
  const mayBeEmpty = maxOccurs > 1 || (minOccurs === 0 && fallback === undefined);
  // A value that is not among the choices is shown nevertheless: its fault refers to it.
  const isOther = value !== '' && !choices.includes(value);
  return (
    <select {...attributes}>
      {mayBeEmpty || value === '' ? (
        <option value="">{words.process.chooseNothing}</option>
      ) : undefined}
      {[...choices, ...(isOther ? [value] : [])].map((each) => (
        <option {...choice(each, each === value, constraint?.values)} selected={each === value}>
          {input.dataType === 'boolean' ? yesNoWords(each) : formatWords(each)}
        </option>
      ))}
    </select>
  );
}

function yesNoWords(value: string): string {
  if (value === 'true') return words.process.yes;
  return value === 'false' ? words.process.no : value;
}

function YesNo({ input, value, constraint }: Omit<ChoiceProps, 'attributes'>) {
  const { identifier, default: fallback } = input;
  const name = control.input(identifier);
  const chosen = value === '' ? (fallback ?? '') : value;
  const choices: [string, string][] = [
    ['true', words.process.yes],
    ['false', words.process.no],
    ...(fallback === undefined && input.minOccurs === 0
      ? [['', words.process.chooseNothing] as [string, string]]
      : []),
  ];
  return (
    <div class="choices">
      {choices.map(([each, title], index) => (
        <label>
          <input
            type="radio"
            {...(index === 0 ? { id: controlId(identifier) } : {})}
            name={name}
            {...choice(each, each === chosen || each === '', constraint?.values)}
            checked={each === chosen}
          />
          {title}
        </label>
      ))}
    </div>
  );
}

function choicesOf(input: LiteralInput): readonly string[] | undefined {
  const { allowedValues, dataType, maxOccurs } = input;
  // Radio buttons with the same name are a single choice, so several values need a list each.
  if (dataType === 'boolean' && !allowedValues && maxOccurs > 1) return ['true', 'false'];
  const single = allowedValues?.filter((allowed) => typeof allowed === 'string');
  return single?.length && single.length === allowedValues?.length ? single : undefined;
}

/** Numbers are typed as text: a control of type `number` hides values that it cannot read. */
function controlType({ dataType, allowedValues }: LiteralInput): Readonly<Record<string, string>> {
  const range = allowedValues?.find((allowed) => typeof allowed !== 'string');
  const bounds = range && allowedValues?.length === 1 ? range : undefined;
  switch (dataType) {
    case 'integer':
      return { type: 'text', inputmode: 'numeric', class: 'short' };
    case 'double':
      return { type: 'text', inputmode: 'decimal', class: 'short' };
    case 'date':
      return { type: 'date', ...minMax(bounds, 10) };
    case 'dateTime':
      return { type: 'datetime-local', step: '1', ...minMax(bounds, 19) };
    case 'anyURI':
      return { type: 'url', inputmode: 'url' };
    default:
      // Supports scripts of either direction.
      return { type: 'text', dir: 'auto' };
  }
}

function minMax(bounds: ValueRange | undefined, length: number): Readonly<Record<string, string>> {
  return {
    ...(bounds?.minimum ? { min: bounds.minimum.slice(0, length) } : {}),
    ...(bounds?.maximum ? { max: bounds.maximum.slice(0, length) } : {}),
  };
}

function hintsOf(input: LiteralInput) {
  const { allowedValues, dataType, default: fallback, minOccurs, maxOccurs } = input;
  const text = words.process;
  const allowed = allowedValues?.some((each) => typeof each !== 'string')
    ? allowedValues.map((each) => (typeof each === 'string' ? `${each}.` : inWords(each)))
    : [];
  return [
    ...(dataType === 'dateTime' ? [text.utc] : []),
    ...(input.mail === 'parameters' ? [text.addressAlone] : []),
    ...allowed,
    // Of yes and no, the default is chosen already.
    ...(fallback === undefined || dataType === 'boolean' ? [] : [text.byDefault(fallback)]),
    ...(maxOccurs > 1 ? [text.times(minOccurs, maxOccurs)] : []),
  ];
}

function inWords({ minimum, maximum }: ValueRange): string {
  if (minimum === undefined) return words.process.upTo(maximum ?? '');
  if (maximum === undefined) return words.process.from(minimum);
  return words.process.between(minimum, maximum);
}
