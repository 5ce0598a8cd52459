import { isFinal, type Job } from '../../../batch-jobs/api/job.ts';
import type { ServiceResponse } from '../../http.ts';
import { outputLocation } from '../ows/job-locations.ts';

/** A job's status, as an answer that runs no script. */
export function statusResponse(job: Job): ServiceResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: statusPage(job),
  };
}

/** A job's status as a page for people; it loads itself again until the job has ended. */
export function statusPage(job: Job): string {
  const rows: [string, string][] = [
    ['Process', `${job.process.title} (${job.process.identifier})`],
    ['Status', job.status],
    ['Progress', `${job.percentCompleted} %`],
    ['Message', job.message],
    ['Sent', job.createdAt],
    ...(job.startedAt ? [['Started', job.startedAt] as [string, string]] : []),
    ...(job.endedAt ? [['Ended', job.endedAt] as [string, string]] : []),
  ];
  const outputs = job.outputs.map(
    (output) =>
      `<li><a href="${escapeHtml(outputLocation(job, output))}">${escapeHtml(output.filename)}</a> (${escapeHtml(output.contentType)}, ${output.size} bytes, SHA-256 ${output.sha256})</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(job.process.title)}: ${job.status}</title>
${isFinal(job.status) ? '' : '<meta http-equiv="refresh" content="5">'}
<style>body{font-family:sans-serif;margin:2rem;max-width:50rem}th{text-align:left;padding-right:1rem}</style>
</head>
<body>
<h1>Job ${escapeHtml(job.id)}</h1>
<table>
${rows.map(([name, value]) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')}
</table>
${outputs.length > 0 ? `<h2>Outputs</h2>\n<ul>\n${outputs.join('\n')}\n</ul>` : ''}
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
