import type { Fault } from '../../../service-fault.ts';
import type { DescribedForm } from './form-request.ts';

/** Faults of a form by the input or output at which they appear; the others appear above the form. */
export interface FormFaults {
  readonly at: ReadonlyMap<string, readonly string[]>;
  readonly elsewhere: readonly string[];
}

export function placeFaults(process: DescribedForm, faults: readonly Fault[]): FormFaults {
  const known = new Set(
    [...process.inputs, ...process.outputs].map(({ identifier }) => identifier),
  );
  const at = new Map<string, string[]>();
  const elsewhere: string[] = [];
  for (const { subject, text } of faults) {
    if (subject === undefined || !known.has(subject)) elsewhere.push(text);
    else at.set(subject, [...(at.get(subject) ?? []), text]);
  }
  return { at, elsewhere };
}
