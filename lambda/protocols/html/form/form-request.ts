import type {
  BoundingBoxInput,
  ComplexInput,
  Format,
  InputDescription,
  LiteralInput,
  ProcessDescription,
} from '../../../../batch-jobs/api/process-description.ts';
import { degreesOf, extentParts, extentText, instantOf } from './extent.ts';
import { stridePart, strideText } from './stride.ts';

/** The values of a form by the names of its controls, from a query string or the body of a form. */
export type FormValues = URLSearchParams;

/** A file that the user chose in a form. */
export interface FormFile {
  readonly name: string;
  readonly base64: string;
}

/** An input as given in a form. */
export type FormInput = { readonly identifier: string } & (
  | { readonly kind: 'literal'; readonly value: string; readonly uom?: string }
  | {
      readonly kind: 'complex';
      readonly mimeType: string;
      readonly encoding?: string;
      readonly schema?: string;
      readonly content: { readonly text: string } | FormFile | { readonly href: string };
    }
  | {
      readonly kind: 'bounding-box';
      readonly crs: string;
      readonly lower: readonly number[];
      readonly upper: readonly number[];
    }
);

export interface FormOutput {
  readonly identifier: string;
  readonly mimeType?: string;
}

/** A request as given in a form, independent of any protocol. */
export interface FormRequest {
  readonly process: string;
  readonly inputs: readonly FormInput[];
  readonly outputs: readonly FormOutput[];
}

export type DescribedForm = Pick<ProcessDescription, 'identifier' | 'inputs' | 'outputs'>;

/** Names of controls. The control of an input itself is `input.<identifier>`, once for each value. */
export const control = {
  input: (identifier: string) => `input.${identifier}`,
  part: (part: string, identifier: string) => `${part}.${identifier}`,
  uom: (identifier: string) => `uom.${identifier}`,
  format: (identifier: string) => `format.${identifier}`,
  href: (identifier: string) => `href.${identifier}`,
  file: (identifier: string) => `file.${identifier}`,
  crs: (identifier: string) => `crs.${identifier}`,
  /** Used for values that are selected instead of typed. */
  tick: (identifier: string) => `tick.${identifier}`,
  /** Selected for each output that is wanted. */
  output: 'output',
  outputFormat: (identifier: string) => `outputFormat.${identifier}`,
} as const;

/**
 * Reads a form. An empty control counts as not given; the service decides whether that is allowed.
 *
 * @param files by the identifier of their input
 */
export function readForm(
  process: DescribedForm,
  values: FormValues,
  files: ReadonlyMap<string, readonly FormFile[]> = new Map(),
): FormRequest {
  const wanted = values.getAll(control.output);
  return {
    process: process.identifier,
    inputs: process.inputs.flatMap((input) => readInput(input, values, files)),
    outputs: process.outputs
      .filter(({ identifier }) => wanted.includes(identifier))
      .map((output) => {
        const chosen = values.get(control.outputFormat(output.identifier)) ?? '';
        const format =
          output.kind === 'complex'
            ? output.formats.find((each) => formatKey(each) === chosen)
            : undefined;
        return {
          identifier: output.identifier,
          ...(format ? { mimeType: format.mimeType } : {}),
        };
      }),
  };
}

/** Identifies a format among those of an input or output. */
export function formatKey({ mimeType, schema, encoding }: Omit<Format, 'extension'>): string {
  return [mimeType, schema, encoding].filter((part) => part !== undefined).join(' ');
}

function readInput(
  input: InputDescription,
  values: FormValues,
  files: ReadonlyMap<string, readonly FormFile[]>,
): FormInput[] {
  switch (input.kind) {
    case 'literal':
      return readLiteral(input, values);
    case 'complex':
      return readComplex(input, values, files.get(input.identifier) ?? []);
    case 'bounding-box':
      return readBoxes(input, values);
  }
}

function readLiteral(input: LiteralInput, values: FormValues): FormInput[] {
  const { identifier } = input;
  const uom = values.get(control.uom(identifier)) ?? '';
  return literalTexts(input, values).map((value) => ({
    identifier,
    kind: 'literal',
    value,
    ...(uom === '' ? {} : { uom }),
  }));
}

/** Values of a literal input, without empty ones. */
export function literalTexts(input: LiteralInput, values: FormValues): string[] {
  const { identifier, dataType, editor } = input;
  const given = values.getAll(control.input(identifier)).filter((value) => value !== '');
  if (editor === 'extent' && given.length === 0) {
    const part = (name: string) => values.get(control.part(name, identifier)) ?? '';
    const [west, south, east, north, start, end, shallowest, deepest] = extentParts.map(part) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const text = extentText({ west, south, east, north, start, end, shallowest, deepest });
    return text === '' ? [] : [text];
  }
  if (editor === 'stride' && given.length === 0) {
    const part = (name: string) => values.get(control.part(name, identifier)) ?? '';
    const text = strideText({
      time: part(stridePart.time),
      latitude: part(stridePart.latitude),
      longitude: part(stridePart.longitude),
      depth: part(stridePart.depth),
    });
    return text === '' ? [] : [text];
  }
  if (editor === 'several' && given.length === 0) {
    const ticked = values.getAll(control.tick(identifier));
    return ticked.length > 0 ? [ticked.join(',')] : [];
  }
  if (input.mail === 'parameters') return given.map(recipientOf);
  return dataType === 'dateTime' ? given.map(instantOf) : given;
}

/** People enter an address, but programs expect a parameter. */
function recipientOf(text: string): string {
  return /^[^=\s]+@[^=\s]+$/.test(text.trim()) ? `email.to=${text.trim()}` : text;
}

function readComplex(
  input: ComplexInput,
  values: FormValues,
  files: readonly FormFile[],
): FormInput[] {
  const { identifier, formats } = input;
  const chosen = values.get(control.format(identifier));
  const format = formats.find((each) => formatKey(each) === chosen) ?? formats[0];
  const { extension: _, ...declared } = format;
  const texts = values.getAll(control.input(identifier)).filter((text) => text.trim() !== '');
  const hrefs = values.getAll(control.href(identifier)).filter((href) => href.trim() !== '');
  return [
    ...texts.map((text) => ({ text })),
    ...files,
    ...hrefs.map((href) => ({ href: href.trim() })),
  ].map((content) => ({ identifier, kind: 'complex', ...declared, content }));
}

/** The numbers of a box have their own controls, one set for each box. */
function readBoxes(input: BoundingBoxInput, values: FormValues): FormInput[] {
  const { identifier, crss } = input;
  const part = (name: string) => values.getAll(control.part(name, identifier));
  const souths = part('south');
  const easts = part('east');
  const norths = part('north');
  const crs = values.get(control.crs(identifier)) || crss[0];
  return part('west').flatMap((west, index) => {
    const sides = [west, souths[index] ?? '', easts[index] ?? '', norths[index] ?? ''];
    const texts = sides.map(degreesOf);
    if (texts.every((text) => text.trim() === '')) return [];
    const [w, s, e, n] = texts.map((text) => (text.trim() === '' ? Number.NaN : Number(text))) as [
      number,
      number,
      number,
      number,
    ];
    const isLatitudeFirst = latitudeFirst(crs);
    return [
      {
        identifier,
        kind: 'bounding-box' as const,
        crs,
        lower: isLatitudeFirst ? [s, w] : [w, s],
        upper: isLatitudeFirst ? [n, e] : [e, n],
      },
    ];
  });
}

/** EPSG defines 4326 with latitude first; its URNs and URLs mean that order (OGC 07-092r3). */
export function latitudeFirst(crs: string): boolean {
  return /^(urn:ogc:def:crs:EPSG:[^:]*:4326|https?:\/\/www\.opengis\.net\/def\/crs\/EPSG\/[^/]+\/4326)$/i.test(
    crs,
  );
}
