import { isFinal, type Job } from '../../../batch-jobs/api/job.ts';
import { readableDuration, readableInstant } from '../../readable.ts';
import { words } from './words.ts';

/** A job's state as a badge: its text says the state, and its colour repeats it. */
export function StateBadge({ status }: { status: Job['status'] }) {
  return <span class={`state ${status}`}>{words.job.states[status]}</span>;
}

interface JobTableProps {
  readonly base: string;
  readonly jobs: readonly Job[];
  readonly now: Date;
  readonly caption: string;
  /** Whether each row has a checkbox, for the form around the table. */
  readonly selectable?: boolean;
}

export function JobTable({ base, jobs, now, caption, selectable = false }: JobTableProps) {
  const text = words.jobList;
  return (
    <table class="jobs">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{text.process}</th>
          <th scope="col">{text.state}</th>
          <th scope="col">{text.sent}</th>
          <th scope="col">{text.took}</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr>
            <th scope="row">
              {selectable ? (
                <input
                  type="checkbox"
                  class="pick"
                  name="jobId"
                  value={job.id}
                  aria-label={text.select(job.process.title, job.id.slice(0, 8))}
                />
              ) : undefined}
              <a href={jobUrl(base, job.id)} dir="auto">
                {job.process.title}
              </a>
              <code class="quiet">{job.id.slice(0, 8)}</code>
              {job.labels?.length ? <span class="labels">{job.labels.join(', ')}</span> : undefined}
            </th>
            <td>
              <StateBadge status={job.status} />
              {isFinal(job.status) ? undefined : ` ${job.percentCompleted} %`}
            </td>
            <td data-column={text.sent}>
              <time datetime={job.createdAt}>{readableInstant(job.createdAt)}</time>
            </td>
            <td data-column={text.took}>{tookOf(job, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function jobUrl(base: string, id: string): string {
  return `${base}jobs/${id}`;
}

function tookOf({ startedAt, endedAt }: Job, now: Date): string {
  if (!startedAt) return '–';
  const end = endedAt ? Date.parse(endedAt) : now.getTime();
  return readableDuration(end - Date.parse(startedAt));
}
