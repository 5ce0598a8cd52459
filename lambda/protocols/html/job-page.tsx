import {
  isFinal,
  type Job,
  type JobInput,
  type PublishedOutput,
} from '../../../batch-jobs/api/job.ts';
import type { PastDuration } from '../../../batch-jobs/api/past-durations.ts';
import type { InputDescription } from '../../../batch-jobs/api/process-description.ts';
import {
  exactNumber,
  readableBytes,
  readableDuration,
  readableInstant,
  readableUsd,
} from '../../readable.ts';
import { AskedValue } from './asked-value.tsx';
import { durationWords } from './duration-words.ts';
import { StateBadge } from './job-table.tsx';
import { Page, type PageContext } from './layout.tsx';
import { type OutputPreview, Preview } from './output-preview.tsx';
import { processUrl } from './process-list-page.tsx';
import { TermsRows } from './terms.tsx';
import type { Terms } from './terms-of-job.ts';
import { words } from './words.ts';

export interface JobPageProps {
  readonly context: PageContext;
  readonly job: Job;
  /** Left out if they are no longer stored. */
  readonly inputs?: readonly JobInput[];
  /** The process's inputs by identifier; empty if the process is no longer offered. */
  readonly described: ReadonlyMap<string, InputDescription>;
  /** By identifier of the output. */
  readonly previews: ReadonlyMap<string, OutputPreview>;
  /** Query of the form that runs the job again; left out if the process is no longer offered. */
  readonly again?: string;
  /** Terms of the resulting data. */
  readonly terms: Terms;
  /** How long recent jobs of the process took; only for a job that has not ended. */
  readonly duration?: PastDuration;
  /** Until when the job is kept, ISO 8601 in UTC; left out for an unfinished job, or if unknown. */
  readonly expiry?: string;
  readonly now: Date;
}

const reloadSeconds = 10;

/** A job's progress, its results, and the request. */
export function JobPage(props: JobPageProps) {
  const { context, job, inputs, described, again, now, previews, terms } = props;
  const { base } = context;
  const text = words.job;
  const isEnded = isFinal(job.status);
  return (
    <Page
      context={context}
      title={text.title(job.process.title)}
      current="jobs"
      crumbs={[
        { title: words.home, href: '' },
        ...(context.listsJobs ? [{ title: words.jobs, href: 'jobs' }] : []),
      ]}
      script="job-page.js"
      {...(isEnded ? {} : { reloadSeconds })}
    >
      <h1>{text.title(job.process.title)}</h1>
      <section id="status" class="panel status" data-live data-final={String(isEnded)}>
        <p class="now" role="status">
          <StateBadge status={job.status} /> <span>{job.message}</span>
        </p>
        <p class="lost" data-lost hidden>
          {text.lost}
        </p>
        {isEnded ? undefined : (
          <>
            <progress max={100} value={job.percentCompleted} aria-label={text.progress}>
              {job.percentCompleted} %
            </progress>
            <p class="hint">{job.percentCompleted} %</p>
          </>
        )}
        {job.failure ? <Failure job={job} failure={job.failure} /> : undefined}
        {job.warnings?.length ? <Warnings warnings={job.warnings} /> : undefined}
        <Times job={job} duration={props.duration} expiry={props.expiry} now={now} />
        {isEnded ? undefined : (
          <p class="hint">
            <span data-with-script hidden>
              {text.live}
            </span>
            <noscript>{text.reload}</noscript>
          </p>
        )}
      </section>
      <div id="actions" class="actions" data-live>
        {again === undefined ? undefined : (
          <a class="button" href={`${processUrl(base, job.process.identifier)}?${again}`}>
            {text.again}
          </a>
        )}
        {job.status === 'dismissed' ? undefined : <Ask base={base} id={job.id} isEnded={isEnded} />}
      </div>
      <section id="outputs" aria-labelledby="outputs-title" data-live>
        <h2 id="outputs-title">{text.outputs}</h2>
        {terms.licence || terms.citation ? (
          <dl class="facts terms">
            <TermsRows terms={terms} />
          </dl>
        ) : undefined}
        {job.outputs.length > 0 ? (
          <ul class="cards outputs">
            {job.outputs.map((output) => (
              <Output
                base={base}
                job={job}
                output={output}
                preview={previews.get(output.identifier)}
              />
            ))}
          </ul>
        ) : (
          <p>{isEnded ? text.noOutputs : text.noOutputsYet}</p>
        )}
      </section>
      <section aria-labelledby="asked-title">
        <h2 id="asked-title">{text.asked}</h2>
        {inputs === undefined ? (
          <p>{text.notKept}</p>
        ) : inputs.length === 0 ? (
          <p>{text.nothingAsked}</p>
        ) : (
          <dl class="facts">
            {inputs.map((input) => (
              <>
                <dt>{input.title ?? described.get(input.identifier)?.title ?? input.identifier}</dt>
                <dd>
                  <AskedValue value={input.value} described={described.get(input.identifier)} />
                  {input.given ? undefined : <span class="quiet"> ({text.byDefault})</span>}
                </dd>
              </>
            ))}
          </dl>
        )}
      </section>
      <ul class="links">
        <li>
          {text.id} <code>{job.id}</code>
        </li>
        <li>
          <a href={`${base}jobs/${job.id}?f=json`}>{text.asJson}</a>
        </li>
        <li>
          <a href={`${base}wps/jobStatus?jobId=${job.id}&format=XML`}>{text.asXml}</a>
        </li>
      </ul>
    </Page>
  );
}

function Failure({ job, failure }: { job: Job; failure: NonNullable<Job['failure']> }) {
  const text = words.job;
  const now = Object.entries(text.whatNow).find(([kind]) => kind === failure.kind)?.[1];
  return (
    <div class="summary">
      <h2>{text.failedTitle}</h2>
      {failure.text === job.message ? undefined : <p>{failure.text}</p>}
      <p>{now ?? text.whatNow.other}</p>
    </div>
  );
}

/** Warnings of a job that nevertheless succeeded. */
function Warnings({ warnings }: { warnings: readonly string[] }) {
  return (
    <div class="note">
      <h2>{words.job.warnings}</h2>
      <ul>
        {warnings.map((warning) => (
          <li>{warning}</li>
        ))}
      </ul>
    </div>
  );
}

interface TimesProps extends Pick<JobPageProps, 'job' | 'now'> {
  readonly duration: PastDuration | undefined;
  readonly expiry: string | undefined;
}

function Times({ job, duration, expiry, now }: TimesProps) {
  const text = words.job;
  const { createdAt, startedAt, endedAt, owner, costUsd, labels = [] } = job;
  const time = (iso: string) => <time datetime={iso}>{readableInstant(iso)}</time>;
  const between = (from: string, to: string | undefined) =>
    readableDuration((to === undefined ? now.getTime() : Date.parse(to)) - Date.parse(from));
  return (
    <dl class="facts">
      <dt>{text.sent}</dt>
      <dd>{time(createdAt)}</dd>
      {startedAt ? (
        <>
          <dt>{text.started}</dt>
          <dd>
            {time(startedAt)}{' '}
            <span class="quiet">({text.waited(between(createdAt, startedAt))})</span>
          </dd>
        </>
      ) : undefined}
      {endedAt ? (
        <>
          <dt>{text.ended}</dt>
          <dd>
            {time(endedAt)}{' '}
            {startedAt ? (
              <span class="quiet">({text.took(between(startedAt, endedAt))})</span>
            ) : undefined}
          </dd>
        </>
      ) : undefined}
      {isFinal(job.status) ? undefined : (
        <>
          <dt>{text.usual}</dt>
          <dd>{durationWords(duration)}</dd>
        </>
      )}
      {expiry ? (
        <>
          <dt>{text.expires}</dt>
          <dd>{time(expiry)}</dd>
        </>
      ) : undefined}
      {labels.length > 0 ? (
        <>
          <dt>{text.labels}</dt>
          <dd>{labels.join(', ')}</dd>
        </>
      ) : undefined}
      {owner === undefined || costUsd === undefined ? undefined : (
        <>
          <dt>{text.cost}</dt>
          <dd>{readableUsd(costUsd)}</dd>
        </>
      )}
    </dl>
  );
}

/** Asks for confirmation before it cancels the job or deletes its results; works without a script. */
function Ask({ base, id, isEnded }: { base: string; id: string; isEnded: boolean }) {
  const text = words.job;
  const [ask, question, yes] = isEnded
    ? [text.remove, text.removeQuestion, text.removeYes]
    : [text.cancel, text.cancelQuestion, text.cancelYes];
  return (
    <details class="ask">
      <summary class="button danger">{ask}</summary>
      <form method="post" action={`${base}jobs/${id}`}>
        <p>{question}</p>
        <button type="submit" name="action" value="dismiss" class="danger">
          {yes}
        </button>
      </form>
    </details>
  );
}

interface OutputProps {
  readonly base: string;
  readonly job: Job;
  readonly output: PublishedOutput;
  readonly preview: OutputPreview | undefined;
}

function Output({ base, job, output, preview }: OutputProps) {
  const text = words.job;
  const { identifier, name, filename, contentType, size, sha256 } = output;
  const title =
    job.requestedOutputs.find((requested) => requested.identifier === identifier)?.title ??
    identifier;
  return (
    <li class="card">
      <h3>{title}</h3>
      <p>
        <a
          class="button"
          href={`${base}wps/outputs/${job.id}/${encodeURIComponent(name)}`}
          download={filename}
          aria-label={`${text.download}: ${title}`}
        >
          {text.download}
        </a>{' '}
        {filename}
        <br />
        <span class="quiet">
          {contentType},{' '}
          <span title={text.byteCount(exactNumber(size))}>{readableBytes(size)}</span>
        </span>
      </p>
      {preview ? <Preview preview={preview} title={title} /> : undefined}
      <details>
        <summary>{text.checksum}</summary>
        <code class="block">{sha256}</code>
      </details>
    </li>
  );
}
