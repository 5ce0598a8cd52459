import { columns } from '../terminal.ts';
import type { JobView } from './job-desk.ts';

export function jobTable(jobs: readonly JobView[]): string {
  if (jobs.length === 0) return 'No jobs.';
  return columns([
    ['job', 'process', 'status', 'created', 'message'],
    ...jobs.map(({ jobID, processID, status, created, message }) => [
      jobID,
      processID,
      status,
      created,
      message.slice(0, 60),
    ]),
  ]);
}

export function jobText(job: JobView): string {
  const { engine, exception, labels, warnings, ...facts } = job;
  const rows = Object.entries(facts).map(([name, value]) => [name, String(value)]);
  if (exception) rows.push(['failure', String(exception.detail ?? exception.title)]);
  for (const warning of warnings ?? []) rows.push(['warning', warning]);
  if (labels) rows.push(['labels', labels.join(', ')]);
  for (const [name, value] of Object.entries(engine ?? {}))
    rows.push([`batch ${name}`, String(value)]);
  return columns(rows);
}
