import type { Child } from 'hono/jsx';
import type { InputConstraint } from '../../../../batch-jobs/api/process-advice.ts';
import type { Description, Occurrences } from '../../../../batch-jobs/api/process-description.ts';
import { words } from '../words.ts';

/** What a form's controls show: what was given, and what is wrong with it. */
export interface FieldProps<Input> {
  readonly input: Input;
  readonly values: URLSearchParams;
  /** Faults of this input, in the service's words. */
  readonly faults: readonly string[];
  /** What is still possible beside the other inputs. */
  readonly constraint: InputConstraint | undefined;
}

interface FrameProps {
  readonly input: Description & Occurrences;
  readonly faults: readonly string[];
  readonly constraint: InputConstraint | undefined;
  /** More than the input's abstract, as its range. */
  readonly hints?: readonly string[];
  /** The input has one control, which the label names; else a group does. */
  readonly single: boolean;
  readonly children?: Child;
}

/** Id of the input's first control, which messages about it lead to. */
export function controlId(identifier: string): string {
  return `input-${identifier}`;
}

/** Attributes that connect a control with its hint and its faults. */
export function described(identifier: string, faults: readonly string[]) {
  return {
    'aria-describedby': aboutOf(identifier),
    ...(faults.length > 0 ? { 'aria-invalid': 'true' as const } : {}),
  };
}

/** Ids of what is said about an input. */
function aboutOf(identifier: string): string {
  return `hint-${identifier} limit-${identifier} faults-${identifier}`;
}

/**
 * Attributes of a choice. One that has become impossible is greyed out, unless it is what is chosen: that is sent
 * with the form, and its fault speaks of it.
 *
 * @param possible left out, all are
 */
export function choice(value: string, isChosen: boolean, possible: readonly string[] | undefined) {
  const isPossible = isChosen || possible === undefined || possible.includes(value);
  return { value, ...(isPossible ? {} : { disabled: true }) };
}

/** Title, hint and faults of an input around its controls. */
export function Field({ input, faults, constraint, hints = [], single, children }: FrameProps) {
  const { identifier, title, abstract, minOccurs } = input;
  const need = minOccurs > 0 ? words.process.required : words.process.optional;
  const about = (
    <>
      <div class="hint" id={`hint-${identifier}`} dir="auto">
        {[abstract, ...hints].filter((line) => line).join(' ')}
      </div>
      <div class="hint" id={`limit-${identifier}`} data-live>
        {constraint?.text ?? ''}
      </div>
      <div class="faults" id={`faults-${identifier}`} data-live>
        {faults.map((fault) => (
          <p>{fault}</p>
        ))}
      </div>
    </>
  );
  const name = (
    <>
      <bdi>{title}</bdi> <span class="need">({need})</span>
    </>
  );
  const data = { 'data-input': identifier, 'data-required': minOccurs > 0 ? 'true' : 'false' };
  return single ? (
    <div class="field" {...data}>
      <label for={controlId(identifier)}>{name}</label>
      {about}
      {children}
    </div>
  ) : (
    <fieldset class="field" {...data} aria-describedby={aboutOf(identifier)}>
      <legend>{name}</legend>
      {about}
      {children}
    </fieldset>
  );
}
