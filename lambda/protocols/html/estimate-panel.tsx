import type { PastDuration } from '../../../batch-jobs/api/past-durations.ts';
import type { Coverage, Estimate } from '../../../batch-jobs/api/process-advice.ts';
import type { QueueClass } from '../../../batch-jobs/api/process-description.ts';
import { exactNumber, readableBytes } from '../../readable.ts';
import { areaWords, depthWords, periodWords } from './coverage-words.ts';
import { durationWords } from './duration-words.ts';
import { TermsRows } from './terms.tsx';
import { words } from './words.ts';

/** What is known of a request before it is sent. */
export interface RequestSize {
  readonly estimate?: Estimate;
  readonly queue?: QueueClass;
  /** How long recent jobs of the process took. */
  readonly duration?: PastDuration;
}

/** The size of a request, compared with the limit. */
export function EstimatePanel({ size }: { size: RequestSize | undefined }) {
  const text = words.estimate;
  const rows = size ? rowsOf(size) : [];
  const { bytes, limitBytes } = size?.estimate ?? {};
  const share =
    bytes !== undefined && limitBytes ? Math.round((100 * bytes) / limitBytes) : undefined;
  return (
    <section class="panel" id="estimate" aria-labelledby="estimate-title" data-live>
      <h2 id="estimate-title">{text.title}</h2>
      {rows.length > 0 ? (
        <dl class="facts">
          {rows.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      ) : (
        <p class="hint">{size ? text.none : text.waiting}</p>
      )}
      {share === undefined ? undefined : (
        <p>
          <meter min={0} max={100} high={80} value={Math.min(100, share)} aria-label={text.title} />{' '}
          {text.share(share)}
        </p>
      )}
    </section>
  );
}

function rowsOf({ estimate = { faults: [] }, queue, duration }: RequestSize): [string, string][] {
  const text = words.estimate;
  const { files, bytes, outputBytes, steps, cells, limitBytes } = estimate;
  const rows: [string, string | undefined][] = [
    [
      text.reads,
      files === undefined
        ? bytes === undefined
          ? undefined
          : readableBytes(bytes)
        : words.coverage.fileCount(files, bytes === undefined ? '' : readableBytes(bytes)),
    ],
    [text.gives, outputBytes === undefined ? undefined : readableBytes(outputBytes)],
    [text.steps, steps === undefined ? undefined : exactNumber(steps)],
    [text.cells, cells === undefined ? undefined : exactNumber(cells)],
    [text.limit, limitBytes === undefined ? undefined : readableBytes(limitBytes)],
    [text.duration, durationWords(duration)],
    [text.queue, queue],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** The coverage of the chosen layer, or of another value that has one. */
export function CoveragePanel({ coverage }: { coverage: Coverage | undefined }) {
  const text = words.coverage;
  const { bbox, period, depth, variables, files, bytes } = coverage ?? {};
  const rows: [string, string | undefined][] = [
    [text.area, coverage && areaWords(coverage)],
    [text.period, coverage && periodWords(coverage)],
    [text.depth, coverage && depthWords(coverage)],
    [
      text.files,
      files === undefined
        ? undefined
        : text.fileCount(files, bytes === undefined ? '' : readableBytes(bytes)),
    ],
  ];
  const unknown: readonly string[] = [
    ...(bbox ? [] : [text.area]),
    ...(period ? [] : [text.period]),
    ...(variables ? [] : [text.variables]),
  ];
  const data = {
    ...(bbox ? { 'data-bbox': bbox.join(',') } : {}),
    ...(period ? { 'data-start': period.start, 'data-end': period.end } : {}),
    ...(depth ? { 'data-depth': `${depth.shallowest},${depth.deepest}` } : {}),
  };
  return (
    <section class="panel" id="coverage" data-live {...data} hidden={coverage === undefined}>
      <h2>{text.title}</h2>
      <dl class="facts">
        {rows.map(([name, value]) =>
          value === undefined ? undefined : (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ),
        )}
        <TermsRows terms={coverage ?? {}} />
        {variables?.length ? (
          <>
            <dt>{text.variables}</dt>
            <dd>
              <ul class="plain">
                {variables.map(({ name, title, units }) => (
                  <li>
                    {title ?? name} {units ? `(${units}) ` : ''}
                    <code class="quiet">{name}</code>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        ) : undefined}
      </dl>
      {coverage && unknown.length > 0 ? (
        <p class="hint">{text.unknown(unknown.join(', ').toLowerCase())}</p>
      ) : undefined}
    </section>
  );
}
