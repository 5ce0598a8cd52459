import type { InputValue } from '../../../batch-jobs/api/job.ts';
import type {
  InputDescription,
  LiteralInput,
} from '../../../batch-jobs/api/process-description.ts';
import { readableBytes, readableInstant } from '../../readable.ts';
import { latitudeWords, longitudeWords } from './coverage-words.ts';
import { extentOf } from './form/extent.ts';
import { latitudeFirst } from './form/form-request.ts';
import { strideAxes, strideOf, wholeStride } from './form/stride.ts';
import { formatWords } from './format-words.ts';
import { words } from './words.ts';

/** A part of a value, named as in the form. */
type Part = readonly [name: string, text: string];

interface AskedValueProps {
  readonly value: InputValue;
  /** Left out if the process, or this input of it, is no longer offered. */
  readonly described: InputDescription | undefined;
}

/** An input value of a job, formatted for people in the terms of the form that it may come from. */
export function AskedValue({ value, described }: AskedValueProps) {
  const parts = partsOf(value, described);
  if (!parts) {
    return (
      <span class="value" dir="auto">
        {valueText(value, described)}
      </span>
    );
  }
  return (
    <dl class="parts">
      {parts.map(([name, text]) => (
        <div>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** @returns undefined for a value that has no parts or cannot be split into them */
function partsOf(
  value: InputValue,
  described: InputDescription | undefined,
): readonly Part[] | undefined {
  if (value.kind === 'bounding-box') return partsOfBox(value);
  if (value.kind !== 'literal' || described?.kind !== 'literal' || !described.editor) {
    return undefined;
  }
  return readers[described.editor]?.(value.value);
}

/** For each editor, the parts of the text that it writes. */
const readers: Partial<
  Record<NonNullable<LiteralInput['editor']>, (text: string) => readonly Part[] | undefined>
> = { extent: partsOfExtent, stride: partsOfStride };

function partsOfExtent(text: string): readonly Part[] | undefined {
  const extent = extentOf(text);
  if (!extent) return undefined;
  const { west, south, east, north, start, end, shallowest, deepest } = extent;
  const names = words.extent;
  const parts: (Part | undefined)[] = [
    side(names.west, west, longitudeWords),
    side(names.south, south, latitudeWords),
    side(names.east, east, longitudeWords),
    side(names.north, north, latitudeWords),
    instant(names.start, start),
    instant(names.end, end),
    depth(names.shallowest, shallowest),
    depth(names.deepest, deepest),
  ];
  const found = parts.filter((part) => part !== undefined);
  return found.length > 0 ? found : undefined;
}

function partsOfStride(text: string): readonly Part[] | undefined {
  const stride = strideOf(text);
  if (!stride) return undefined;
  const found = strideAxes.flatMap((axis): Part[] => {
    const every = wholeStride(stride[axis]);
    return every === undefined ? [] : [[words.stride.axes[axis], words.stride.each(every)]];
  });
  return found.length > 0 ? found : undefined;
}

/** In degrees; the corners in other coordinate reference systems are numbers without names. */
function partsOfBox({
  crs,
  lower,
  upper,
}: Extract<InputValue, { kind: 'bounding-box' }>): readonly Part[] | undefined {
  if (!/(CRS84|4326)$/.test(crs) || lower.length !== 2 || upper.length !== 2) return undefined;
  const [x, y] = latitudeFirst(crs) ? [1, 0] : [0, 1];
  const names = words.extent;
  return [
    [names.west, longitudeWords(lower[x] ?? Number.NaN)],
    [names.south, latitudeWords(lower[y] ?? Number.NaN)],
    [names.east, longitudeWords(upper[x] ?? Number.NaN)],
    [names.north, latitudeWords(upper[y] ?? Number.NaN)],
  ];
}

function side(name: string, text: string, inWords: (degrees: number) => string): Part | undefined {
  if (text === '') return undefined;
  const degrees = Number(text);
  return [name, Number.isFinite(degrees) ? inWords(degrees) : text];
}

/** @param control in the notation of {@link extentOf} */
function instant(name: string, control: string): Part | undefined {
  return control === '' ? undefined : [name, readableInstant(`${control}Z`)];
}

function depth(name: string, text: string): Part | undefined {
  return text === '' ? undefined : [name, words.extent.metres(text)];
}

function valueText(value: InputValue, described: InputDescription | undefined): string {
  switch (value.kind) {
    case 'literal': {
      const text =
        described?.kind === 'literal' ? literalText(value.value, described) : value.value;
      return value.uom === undefined ? text : `${text} ${value.uom}`;
    }
    case 'bounding-box':
      return `${value.lower.join(', ')} – ${value.upper.join(', ')} (${value.crs})`;
    case 'complex': {
      const { source, mimeType } = value;
      if ('href' in source) return source.href;
      if ('base64' in source) {
        return `${mimeType}, ${readableBytes(Buffer.byteLength(source.base64, 'base64'))}`;
      }
      return shortened('text' in source ? source.text : JSON.stringify(source));
    }
  }
}

function literalText(text: string, { dataType, editor, allowedValues }: LiteralInput): string {
  if (dataType === 'boolean' && /^(true|1)$/.test(text)) return words.process.yes;
  if (dataType === 'boolean' && /^(false|0)$/.test(text)) return words.process.no;
  // Without a zone, the instant is not known.
  if (dataType === 'dateTime' && /(Z|[+-]\d{2}:?\d{2})$/i.test(text)) return readableInstant(text);
  if (editor === 'several') return text.split(/\s*,\s*/).join(', ');
  return allowedValues?.includes(text) ? formatWords(text) : text;
}

const longestValue = 400;

function shortened(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
