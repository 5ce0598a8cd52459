import type { JobInput, RequestedOutput } from '../../../../batch-jobs/api/job.ts';
import type { InputDescription } from '../../../../batch-jobs/api/process-description.ts';
import { controlInstant, extentOf, extentParts } from './extent.ts';
import {
  control,
  type DescribedForm,
  type FormValues,
  formatKey,
  latitudeFirst,
} from './form-request.ts';
import { strideAxes, strideOf, stridePart } from './stride.ts';

/**
 * The initial values of a form: those of its URL, and defaults for the rest. If the controls of an extent can
 * show a text, it is split into their values.
 */
export function startingValues(process: DescribedForm, query: FormValues): FormValues {
  const values = new URLSearchParams(query);
  for (const input of process.inputs) {
    if (input.kind !== 'literal') continue;
    const name = control.input(input.identifier);
    if (input.editor === 'extent') takeApart(input.identifier, values);
    else if (input.editor === 'stride') takeStrideApart(input.identifier, values);
    else if (input.editor === 'several') tickEach(input.identifier, values);
    else if (!values.has(name) && input.default !== undefined) values.set(name, input.default);
    if (input.dataType === 'dateTime') showInstants(name, values);
  }
  if (!values.has(control.output)) {
    for (const { identifier } of process.outputs) values.append(control.output, identifier);
  }
  return values;
}

function takeApart(identifier: string, values: FormValues): void {
  const name = control.input(identifier);
  const text = values.get(name);
  if (!text) return;
  const extent = extentOf(text);
  if (!extent) return;
  values.delete(name);
  for (const part of extentParts) values.set(control.part(part, identifier), extent[part]);
}

function takeStrideApart(identifier: string, values: FormValues): void {
  const name = control.input(identifier);
  const stride = strideOf(values.get(name) ?? '');
  if (!stride || !values.get(name)) return;
  values.delete(name);
  for (const axis of strideAxes) {
    values.set(control.part(stridePart[axis], identifier), stride[axis]);
  }
}

function tickEach(identifier: string, values: FormValues): void {
  const name = control.input(identifier);
  const names = (values.get(name) ?? '').split(',').map((each) => each.trim());
  values.delete(name);
  for (const each of names) if (each !== '') values.append(control.tick(identifier), each);
}

function showInstants(name: string, values: FormValues): void {
  const shown = values.getAll(name).map((text) => controlInstant(text, 'first') ?? text);
  values.delete(name);
  for (const text of shown) values.append(name, text);
}

/**
 * The form values of an earlier job, to change and run again. Files and long texts are left out, because a
 * URL cannot contain them.
 */
export function valuesOfJob(
  process: DescribedForm,
  inputs: readonly JobInput[],
  outputs: readonly RequestedOutput[],
): FormValues {
  const values = new URLSearchParams();
  for (const input of inputs) {
    const described = process.inputs.find(({ identifier }) => identifier === input.identifier);
    if (described && input.given) addInput(described, input, values);
  }
  for (const output of outputs) {
    values.append(control.output, output.identifier);
    const described = process.outputs.find(({ identifier }) => identifier === output.identifier);
    const format =
      described?.kind === 'complex'
        ? described.formats.find(({ mimeType }) => mimeType === output.mimeType)
        : undefined;
    if (format) values.set(control.outputFormat(output.identifier), formatKey(format));
  }
  return values;
}

const longestText = 1000;

function addInput({ identifier }: InputDescription, { value }: JobInput, values: FormValues): void {
  switch (value.kind) {
    case 'literal':
      values.append(control.input(identifier), value.value);
      if (value.uom !== undefined) values.set(control.uom(identifier), value.uom);
      return;
    case 'complex': {
      const { source } = value;
      values.set(control.format(identifier), formatKey(value));
      if ('text' in source && source.text.length <= longestText) {
        values.append(control.input(identifier), source.text);
      }
      if ('href' in source) values.append(control.href(identifier), source.href);
      return;
    }
    case 'bounding-box': {
      const [x, y] = latitudeFirst(value.crs) ? ([1, 0] as const) : ([0, 1] as const);
      const at = (corner: readonly number[], axis: number) => String(corner[axis] ?? '');
      values.set(control.crs(identifier), value.crs);
      values.append(control.part('west', identifier), at(value.lower, x));
      values.append(control.part('south', identifier), at(value.lower, y));
      values.append(control.part('east', identifier), at(value.upper, x));
      values.append(control.part('north', identifier), at(value.upper, y));
      return;
    }
  }
}
