import type { Coverage } from '../../../../batch-jobs/api/process-advice.ts';
import type {
  BoundingBoxInput,
  LiteralInput,
} from '../../../../batch-jobs/api/process-description.ts';
import { readableInstant } from '../../../readable.ts';
import { areaWords, depthWords, periodWords } from '../coverage-words.ts';
import type { ShownOverview } from '../overview.ts';
import { words } from '../words.ts';
import { controlInstant } from './extent.ts';
import { controlId, described, Field, type FieldProps } from './field.tsx';
import { control } from './form-request.ts';

interface SidesProps {
  readonly identifier: string;
  /** Index of the box among several boxes of an input. */
  readonly index: number;
  readonly values: URLSearchParams;
  /** Faults of the control of a side. */
  readonly faultsAt: (side: (typeof sides)[number]) => readonly string[];
}

const { map: name, mapHelp: help, zoomIn, zoomOut, toBox, toWorld, move } = words.extent;
/** Labels of the map and its tools, for the script that draws it. */
const mapTexts = { name, help, zoomIn, zoomOut, toBox, toWorld, move };

const sides = ['north', 'west', 'east', 'south'] as const;

/** Four numbers, laid out as on a map, and the place where a script draws a map. */
function BoxSides({ identifier, index, values, faultsAt }: SidesProps) {
  return (
    <div class="box" data-box={identifier}>
      <div class="sides">
        {sides.map((side) => {
          const name = control.part(side, identifier);
          return (
            <label class={side}>
              <span>{words.extent[side]}</span>
              <input
                type="text"
                inputmode="decimal"
                name={name}
                {...(side === 'north' && index === 0 ? { id: controlId(identifier) } : {})}
                data-side={side}
                value={values.getAll(name)[index] ?? ''}
                {...described(identifier, faultsAt(side))}
              />
            </label>
          );
        })}
      </div>
      <div class="map" data-map={JSON.stringify(mapTexts)} hidden />
    </div>
  );
}

/** A bounding box in one of the offered coordinate reference systems. */
export function BoundingBoxField({
  input,
  values,
  faults,
  constraint,
}: FieldProps<BoundingBoxInput>) {
  const { identifier, crss, maxOccurs } = input;
  const given = values.getAll(control.part('west', identifier)).length;
  const shown = maxOccurs > 1 ? Math.min(maxOccurs, given + 1) : 1;
  return (
    <Field
      input={input}
      faults={faults}
      constraint={constraint}
      hints={[words.extent.areaHint]}
      single={false}
    >
      {Array.from({ length: shown }, (_, index) => (
        <BoxSides identifier={identifier} index={index} values={values} faultsAt={() => faults} />
      ))}
      <label>
        <span>{words.extent.crs}</span>
        <select name={control.crs(identifier)}>
          {crss.map((crs) => (
            <option value={crs} selected={crs === values.get(control.crs(identifier))}>
              {crs}
            </option>
          ))}
        </select>
      </label>
    </Field>
  );
}

const axes = {
  north: 'LATITUDE',
  south: 'LATITUDE',
  west: 'LONGITUDE',
  east: 'LONGITUDE',
  start: 'TIME',
  end: 'TIME',
  shallowest: 'DEPTH',
  deepest: 'DEPTH',
} as const;

/** Faults that name the axis of a control; the allowed values at their end do not count. */
function faultsAt(part: keyof typeof axes, faults: readonly string[]): readonly string[] {
  return faults.filter((fault) => fault.replace(/; allowed:.*/s, '').includes(axes[part]));
}

interface ExtentFieldProps extends FieldProps<LiteralInput> {
  /** Coverage of the chosen layer. */
  readonly coverage: Coverage | undefined;
  readonly overview: ShownOverview | undefined;
}

/** A part of a layer: area, period and depth, or a text that describes them. */
export function ExtentField(props: ExtentFieldProps) {
  const { input, values, faults, constraint, coverage, overview } = props;
  const { identifier, abstract } = input;
  const text = words.extent;
  const part = (name: string) => control.part(name, identifier);
  const written = values.get(control.input(identifier)) ?? '';
  const { period, depth } = constraint?.extent ?? {};
  const dates = {
    ...(period ? { min: controlInstant(period.start, 'first') ?? '' } : {}),
    ...(period ? { max: controlInstant(period.end, 'last') ?? '' } : {}),
  };
  const timeControl = (name: 'start' | 'end') => (
    <label>
      <span>{text[name]}</span>
      <input
        type="datetime-local"
        step={1}
        {...dates}
        name={part(name)}
        value={values.get(part(name)) ?? ''}
        {...described(identifier, faultsAt(name, faults))}
      />
    </label>
  );
  const depthControl = (name: 'shallowest' | 'deepest') => (
    <label>
      <span>{text[name]}</span>
      <input
        type="text"
        inputmode="decimal"
        name={part(name)}
        value={values.get(part(name)) ?? ''}
        {...described(identifier, faultsAt(name, faults))}
      />
    </label>
  );
  const hasDepth = [part('shallowest'), part('deepest')].some((name) => values.get(name));
  const { abstract: _, ...shown } = input;
  return (
    <Field
      input={shown}
      faults={faults}
      constraint={constraint}
      hints={[text.areaHint]}
      single={false}
    >
      <Range id={`area-${identifier}`} text={coverage && areaWords(coverage)} />
      <BoxSides
        identifier={identifier}
        index={0}
        values={values}
        faultsAt={(side) => faultsAt(side, faults)}
      />
      <OverviewWords identifier={identifier} overview={overview} coverage={coverage} />
      <button type="button" class="second" data-whole={identifier} hidden>
        {text.wholeLayer}
      </button>
      <fieldset class="part" data-period={identifier}>
        <legend>{text.period}</legend>
        <p class="hint">{text.periodHint}</p>
        <Range id={`period-${identifier}`} text={coverage && periodWords(coverage)} />
        <div class="row">
          {timeControl('start')}
          {timeControl('end')}
        </div>
      </fieldset>
      <details
        {...(hasDepth ? { open: true } : {})}
        data-depth={identifier}
        // Only the user may remove a value that was given.
        {...(depth === null && !hasDepth ? { hidden: true } : {})}
      >
        <summary>{text.depth}</summary>
        <p class="hint">{text.depthHint}</p>
        <Range id={`depth-${identifier}`} text={coverage && depthWords(coverage)} />
        <div class="row">
          {depthControl('shallowest')}
          {depthControl('deepest')}
        </div>
      </details>
      <details {...(written === '' ? {} : { open: true })}>
        <summary>{text.asText}</summary>
        {abstract ? <p class="hint">{abstract}</p> : undefined}
        <input
          type="text"
          name={control.input(identifier)}
          value={written}
          aria-label={text.asText}
          spellcheck={false}
        />
      </details>
    </Field>
  );
}

interface OverviewWordsProps extends Pick<ExtentFieldProps, 'coverage' | 'overview'> {
  readonly identifier: string;
}

/**
 * Describes the picture behind the box. A script draws the picture on the map; without a script, it appears
 * on its own.
 */
function OverviewWords({ identifier, coverage, overview }: OverviewWordsProps) {
  const id = `overview-${identifier}`;
  if (!overview) {
    return (
      <p class="hint" id={id} data-overview="" data-live>
        {coverage?.bbox ? words.overview.none : ''}
      </p>
    );
  }
  const { url, bbox, title, instant, from, to, units = '' } = overview;
  const values = words.overview.values(from, to, units);
  const when = instant === undefined ? undefined : readableInstant(instant);
  const caption = words.overview.caption([title, ...(when ? [when] : []), values].join(', '));
  return (
    <>
      <p class="hint" id={id} data-overview={url} data-bbox={bbox.join(',')} data-live>
        {caption}
      </p>
      <noscript>
        <img class="preview" src={url} alt={caption} />
      </noscript>
    </>
  );
}

/** The range of the chosen layer along an axis, next to the controls of that axis. */
function Range({ id, text }: { id: string; text: string | undefined }) {
  return (
    <p class="hint" id={id} data-live>
      {text ? words.extent.ofLayer(text) : ''}
    </p>
  );
}
