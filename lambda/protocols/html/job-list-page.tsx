import type { Job } from '../../../batch-jobs/api/job.ts';
import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { JobTable } from './job-table.tsx';
import { Page, type PageContext } from './layout.tsx';
import { words } from './words.ts';

/** Statuses by the names of the API, because both have the same URL. */
export const listedStatuses = {
  accepted: ['accepted'],
  running: ['running', 'paused'],
  successful: ['succeeded'],
  failed: ['failed'],
  dismissed: ['dismissed'],
} as const satisfies Readonly<Record<string, readonly Job['status'][]>>;
export type ListedStatus = keyof typeof listedStatuses;

export interface JobListProps {
  readonly context: PageContext;
  readonly processes: readonly ProcessDescription[];
  readonly jobs: readonly Job[];
  /** The filter of the list. */
  readonly process?: string;
  readonly status?: ListedStatus;
  readonly label?: string;
  /** Query of this page. */
  readonly here: string;
  /** Query of the next page, if there are more jobs. */
  readonly next?: string;
  readonly now: Date;
}

/** Jobs, newest first. */
export function JobListPage(props: JobListProps) {
  const { context, processes, jobs, process, status, label, here, next, now } = props;
  const text = words.jobList;
  const isFiltered = [process, status, label].some((each) => each !== undefined);
  return (
    <Page
      context={context}
      title={text.title}
      current="jobs"
      crumbs={[{ title: words.home, href: '' }]}
    >
      <h1>{text.title}</h1>
      <form class="filter row" method="get" action={`${context.base}jobs`}>
        <label>
          <span>{text.process}</span>
          <select name="processID">
            <option value="">{text.any}</option>
            {processes.map(({ identifier, title }) => (
              <option value={identifier} selected={identifier === process}>
                {shortened(title)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{text.state}</span>
          <select name="status">
            <option value="">{text.any}</option>
            {Object.entries(listedStatuses).map(([each, [first]]) => (
              <option value={each} selected={each === status}>
                {words.job.states[first]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{text.label}</span>
          <input type="text" name="label" class="short" value={label ?? ''} />
        </label>
        <button type="submit" class="second">
          {text.filter}
        </button>
      </form>
      {jobs.length > 0 ? (
        <form
          method="post"
          action={`${context.base}jobs${here === '' ? '' : `?${here}`}`}
          aria-label={text.title}
        >
          <JobTable base={context.base} jobs={jobs} now={now} caption={text.title} selectable />
          <div class="row">
            <label>
              <span>{text.labels}</span>
              <input type="text" name="labels" maxlength={500} />
            </label>
            <button type="submit" name="action" value="label">
              {text.addLabels}
            </button>
            <button type="submit" name="action" value="unlabel">
              {text.removeLabels}
            </button>
          </div>
          <details class="ask">
            <summary class="button danger">{text.dismiss}</summary>
            <p>{text.dismissQuestion}</p>
            <button type="submit" name="action" value="dismiss" class="danger">
              {text.dismissYes}
            </button>
          </details>
        </form>
      ) : (
        <p>{next ? text.noneYet : isFiltered ? text.noneFiltered : text.none}</p>
      )}
      {next ? (
        <p>
          <a href={`${context.base}jobs?${next}`}>{text.next}</a>
        </p>
      ) : undefined}
    </Page>
  );
}

/** An open list is as wide as its longest line. */
const longestOption = 60;

function shortened(title: string): string {
  return title.length > longestOption ? `${title.slice(0, longestOption)}…` : title;
}
