import type { Child } from 'hono/jsx';
import type { InputConstraint } from '../../../../batch-jobs/api/process-advice.ts';
import type { Description, Occurrences } from '../../../../batch-jobs/api/process-description.ts';
import { words } from '../words.ts';

/** What a form's controls show: the given values, and their faults. */
export interface FieldProps<Input> {
  readonly input: Input;
  readonly values: URLSearchParams;
  /** Faults of this input, in the service's words. */
  readonly faults: readonly string[];
  /** The values still possible, given the other inputs. */
  readonly constraint: InputConstraint | undefined;
}

interface FrameProps {
  readonly input: Description & Occurrences;
  readonly faults: readonly string[];
  readonly constraint: InputConstraint | undefined;
  /** Hints in addition to the input's abstract, such as its range. */
  readonly hints?: readonly string[];
  /** Whether the input has one control, which the label names; if not, a group has the name. */
  readonly single: boolean;
  readonly children?: Child;
}

/** Id of the input's first control, which messages about the input link to. */
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

/** Ids of the elements that describe an input. */
function aboutOf(identifier: string): string {
  return `hint-${identifier} limit-${identifier} faults-${identifier}`;
}

/**
 * Attributes of a choice. An impossible choice is disabled unless it is selected: a selected choice is sent
 * with the form, and its fault refers to it.
 *
 * @param possible if left out, all choices are possible
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
