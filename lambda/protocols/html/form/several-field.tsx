import type { Suggestion } from '../../../../batch-jobs/api/process-advice.ts';
import type { LiteralInput } from '../../../../batch-jobs/api/process-description.ts';
import { words } from '../words.ts';
import { choice, controlId, described, Field, type FieldProps } from './field.tsx';
import { control } from './form-request.ts';

interface SeveralFieldProps extends FieldProps<LiteralInput> {
  readonly suggestions: readonly Suggestion[];
}

/** Values to select from the process's suggestions; without suggestions, a text control. */
export function SeveralField({
  input,
  values,
  faults,
  constraint,
  suggestions,
}: SeveralFieldProps) {
  const { identifier } = input;
  const ticked = values.getAll(control.tick(identifier));
  const known = new Set(suggestions.map(({ value }) => value));
  // A given value that is not suggested stays: a fault may refer to it.
  const others = ticked.filter((value) => !known.has(value)).map((value) => ({ value }));
  const choices: readonly Suggestion[] = [...suggestions, ...others];
  return (
    <Field input={input} faults={faults} constraint={constraint} single={false}>
      <div id={`several-${identifier}`} data-live>
        {choices.length > 0 ? (
          <div class="ticks">
            {choices.map(({ value, title, abstract }, index) => (
              <label class="tick">
                <input
                  type="checkbox"
                  {...(index === 0 ? { id: controlId(identifier) } : {})}
                  name={control.tick(identifier)}
                  {...choice(value, ticked.includes(value), constraint?.values)}
                  checked={ticked.includes(value)}
                  {...described(identifier, faults)}
                />
                <span>
                  {title ?? value}
                  <span class="about quiet">
                    {title && title !== value ? <code>{value}</code> : undefined}
                    {title && title !== value && abstract ? ' · ' : undefined}
                    {abstract}
                  </span>
                </span>
              </label>
            ))}
          </div>
        ) : (
          <input
            type="text"
            id={controlId(identifier)}
            name={control.input(identifier)}
            value={values.get(control.input(identifier)) ?? ''}
            aria-label={input.title}
            {...described(identifier, faults)}
          />
        )}
        {choices.length > 0 ? (
          <p class="hint ticking">
            {choices.length > 1 ? (
              <>
                <TickButton all identifier={identifier} title={input.title} />
                <TickButton all={false} identifier={identifier} title={input.title} />
              </>
            ) : undefined}
            <span>{words.process.noneIsAll}</span>
          </p>
        ) : undefined}
      </div>
    </Field>
  );
}

interface TickButtonProps {
  readonly all: boolean;
  readonly identifier: string;
  /** Title of the input. */
  readonly title: string;
}

/** Selects all choices or clears them; works only with a script. */
function TickButton({ all, identifier, title }: TickButtonProps) {
  const text = all ? words.process.tickAll : words.process.tickNone;
  return (
    <button
      type="button"
      class="second"
      data-tick={all ? 'all' : 'none'}
      data-ticks={identifier}
      data-with-script
      aria-label={`${text}: ${title}`}
      hidden
    >
      {text}
    </button>
  );
}
