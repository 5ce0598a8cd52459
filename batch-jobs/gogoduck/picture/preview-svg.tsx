import type { Calendar } from '../grid/calendar.ts';
import { degreeTicks, shortNumber, type Tick, timeTicks, valueTicks } from './axis-labels.ts';
import { type Colours, missingColour } from './colours.ts';
import type { MapFrame } from './map-frame.ts';
import { seriesPath } from './series-path.ts';

/** The content of a picture. */
export interface Preview {
  readonly title: string;
  readonly subtitle: string;
  readonly units: string;
  readonly map: PreviewMap | undefined;
  readonly series: Series | undefined;
  /** What a reader should know about the content, or about what is missing. */
  readonly notes: readonly string[];
}

export interface PreviewMap {
  readonly frame: MapFrame;
  /** PNG of the cells. */
  readonly cells: Uint8Array;
  readonly land: string;
  readonly colours: Colours | undefined;
  /** Marks a place that is only a pixel or two in size. */
  readonly marker: readonly [number, number] | undefined;
}

/** One number per instant; NaN if missing. */
export interface Series {
  readonly title: string;
  readonly instants: readonly number[];
  readonly values: readonly number[];
  readonly calendar: Calendar;
}

const width = 960;
const left = 80;
const font = 'DejaVu Sans';
const ink = '#222222';
const quiet = '#555555';
const sea = '#f7f7f7';
const seriesHeight = 150;
const seriesWidth = 760;
const lineHeight = 20;

/** Renders a picture as SVG. Its texts are escaped by construction. */
export function previewSvg(preview: Preview): string {
  const { title, subtitle, map, series, notes, units } = preview;
  const mapTop = 84;
  const notesTop = mapTop + (map ? map.frame.height + 42 : 0);
  const seriesTop = notesTop + notes.length * lineHeight + (series ? 34 : 0);
  const height = seriesTop + (series ? seriesHeight + 44 : 12);
  const picture = (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      font-family={font}
      fill={ink}
    >
      <title>{`${title}, ${subtitle}`}</title>
      <rect width={width} height={height} fill="#ffffff" />
      <text x={left} y={36} font-size={fitting(title, 20)}>
        {shortened(title, 110)}
      </text>
      <text x={left} y={62} font-size={fitting(subtitle, 14)} fill={quiet}>
        {shortened(subtitle, 130)}
      </text>
      {map ? <MapPart {...map} units={units} top={mapTop} /> : ''}
      {notes.map((note, line) => (
        <text x={left} y={notesTop + 8 + line * lineHeight} font-size={fitting(note, 13)}>
          {note}
        </text>
      ))}
      {series ? <SeriesPart {...series} units={units} top={seriesTop} /> : ''}
    </svg>
  );
  return picture.toString();
}

function MapPart(part: PreviewMap & { readonly units: string; readonly top: number }) {
  const { frame, cells, land, colours, marker, top, units } = part;
  const { x, y } = degreeTicks(frame);
  const box = { width: frame.width, height: frame.height };
  const source = `data:image/png;base64,${Buffer.from(cells).toString('base64')}`;
  return (
    <g transform={`translate(${left} ${top})`}>
      <rect {...box} fill={sea} />
      <image {...box} href={source} />
      <path d={land} fill="none" stroke="#000000" stroke-width="0.9" stroke-linejoin="round" />
      {marker ? (
        <circle
          cx={marker[0]}
          cy={marker[1]}
          r="15"
          fill="none"
          stroke="#c51b7d"
          stroke-width="2.5"
        />
      ) : (
        ''
      )}
      <rect {...box} fill="none" stroke={quiet} />
      <TicksBelow ticks={x} at={frame.height} />
      <TicksLeft ticks={y} />
      <ColourBar
        colours={colours}
        units={units}
        left={frame.width + 18}
        height={Math.max(frame.height, 110)}
      />
    </g>
  );
}

function TicksBelow({ ticks, at }: { readonly ticks: readonly Tick[]; readonly at: number }) {
  return ticks.map((tick) => (
    <g transform={`translate(${tick.at.toFixed(1)} ${at})`}>
      <line y2="5" stroke={quiet} />
      <text y="19" font-size="12" text-anchor="middle">
        {tick.label}
      </text>
    </g>
  ));
}

function TicksLeft({ ticks }: { readonly ticks: readonly Tick[] }) {
  return ticks.map((tick) => (
    <g transform={`translate(0 ${tick.at.toFixed(1)})`}>
      <line x2="-5" stroke={quiet} />
      <text x="-9" y="4" font-size="12" text-anchor="end">
        {tick.label}
      </text>
    </g>
  ));
}

/** The colours of values from bottom to top, and the colour of missing data. */
function ColourBar(bar: {
  readonly colours: Colours | undefined;
  readonly units: string;
  readonly left: number;
  readonly height: number;
}) {
  const { colours, units, height } = bar;
  const length = height - 52;
  const steps = 64;
  return (
    <g transform={`translate(${bar.left} 0)`}>
      {colours ? (
        <g transform="translate(0 22)">
          <text x="0" y="-10" font-size={units.length > 14 ? 10 : 12}>
            {shortened(units, 18)}
          </text>
          {Array.from({ length: steps }, (_, step) => {
            const part = (step + 0.5) / steps;
            const value = colours.from + part * (colours.to - colours.from);
            return (
              <rect
                y={(length * (1 - (step + 1) / steps)).toFixed(2)}
                width="16"
                height={(length / steps + 0.5).toFixed(2)}
                fill={`rgb(${colours.table[colours.indexOf(value)]?.join(',')})`}
              />
            );
          })}
          <rect width="16" height={length} fill="none" stroke={quiet} />
          {valueTicks(colours.from, colours.to, length, Math.max(2, length / 50)).map((tick) => (
            <g transform={`translate(16 ${tick.at.toFixed(1)})`}>
              <line x2="4" stroke={quiet} />
              <text x="8" y="4" font-size="12">
                {tick.label}
              </text>
            </g>
          ))}
        </g>
      ) : (
        ''
      )}
      <g transform={`translate(0 ${height - 16})`}>
        <rect width="16" height="16" fill={`rgb(${missingColour.join(',')})`} stroke={quiet} />
        <text x="24" y="13" font-size="12">
          no data
        </text>
      </g>
    </g>
  );
}

function SeriesPart(part: Series & { readonly units: string; readonly top: number }) {
  const { title, instants, values, calendar, units, top } = part;
  const path = seriesPath(instants, values, seriesWidth, seriesHeight);
  const [from, to] = [instants[0] ?? 0, instants.at(-1) ?? 0];
  return (
    <g transform={`translate(${left} ${top})`}>
      <text y="-12" font-size="14">
        {shortened(units ? `${title} (${units})` : title, 100)}
      </text>
      <rect width={seriesWidth} height={seriesHeight} fill={sea} stroke={quiet} />
      {path ? (
        <g>
          <path d={path.line} fill="none" stroke="#31688e" stroke-width="1.8" />
          {path.dots.map(([x, y]) => (
            <circle cx={x.toFixed(1)} cy={y.toFixed(1)} r="2.4" fill="#31688e" />
          ))}
          <TicksLeft ticks={valueTicks(path.least, path.most, seriesHeight, 4)} />
        </g>
      ) : (
        <text x={seriesWidth / 2} y={seriesHeight / 2} font-size="14" text-anchor="middle">
          No step holds a value.
        </text>
      )}
      <TicksBelow ticks={timeTicks(from, to, seriesWidth, calendar)} at={seriesHeight} />
    </g>
  );
}

/** The smallest and largest value, in words, if the colours do not cover them. */
export function beyondColours({ from, to, least, most }: Colours): string | undefined {
  if (from === least && to === most) return undefined;
  return `Colours end at ${shortNumber(from)} and ${shortNumber(to)}; values go from ${shortNumber(least)} to ${shortNumber(most)}.`;
}

/** Font size for a text, smaller if the text is long. */
function fitting(text: string, size: number): number {
  return Math.max(Math.min(size, (width - left - 20) / (Math.min(text.length, 130) * 0.56)), 9);
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
