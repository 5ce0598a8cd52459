import type { Coverage } from '../../../../batch-jobs/api/process-advice.ts';
import type { LiteralInput } from '../../../../batch-jobs/api/process-description.ts';
import { stepWords } from '../coverage-words.ts';
import { words } from '../words.ts';
import { controlId, described, Field, type FieldProps } from './field.tsx';
import { control } from './form-request.ts';
import { type StrideAxis, strideAxes, stridePart, wholeStride } from './stride.ts';

interface StrideFieldProps extends FieldProps<LiteralInput> {
  /** Coverage of the chosen layer. */
  readonly coverage: Coverage | undefined;
  /** Whether the chosen layer is known to have no depths. */
  readonly isFlat: boolean;
}

/** A whole number for each axis with the resulting step next to it, or a text that describes them. */
export function StrideField(props: StrideFieldProps) {
  const { input, values, faults, constraint, coverage, isFlat } = props;
  const { identifier, abstract } = input;
  const text = words.stride;
  const written = values.get(control.input(identifier)) ?? '';
  const axisControl = (axis: StrideAxis, index: number) => {
    const name = control.part(stridePart[axis], identifier);
    const value = values.get(name) ?? '';
    const id = index === 0 ? controlId(identifier) : `${controlId(identifier)}-${axis}`;
    const step = stepWords(coverage, axis, wholeStride(value === '' ? '1' : value));
    return (
      <div
        class="stride"
        {...(axis === 'depth' ? { 'data-depth': identifier } : {})}
        // Only the user may remove a value that was given.
        {...(axis === 'depth' && isFlat && value === '' ? { hidden: true } : {})}
      >
        <label for={id}>{text[axis]}</label>
        <input
          type="number"
          id={id}
          name={name}
          min={1}
          step={1}
          placeholder="1"
          class="short"
          value={value}
          {...described(
            identifier,
            faults.filter((fault) => faultPart(fault).includes(axis.toUpperCase())),
          )}
        />
        <span class="hint" id={`step-${axis}-${identifier}`} data-live>
          {step}
        </span>
      </div>
    );
  };
  const { abstract: _, ...shown } = input;
  return (
    <Field input={shown} faults={faults} constraint={constraint} hints={[text.hint]} single={false}>
      <div class="strides">{strideAxes.map(axisControl)}</div>
      <details {...(written === '' ? {} : { open: true })}>
        <summary>{words.extent.asText}</summary>
        {abstract ? <p class="hint">{abstract}</p> : undefined}
        <input
          type="text"
          name={control.input(identifier)}
          value={written}
          aria-label={`${input.title}: ${words.extent.asText}`}
          spellcheck={false}
        />
      </details>
    </Field>
  );
}

/** The part of a fault before the allowed values. */
function faultPart(fault: string): string {
  return fault.replace(/; allowed:.*/s, '');
}
