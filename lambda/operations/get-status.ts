import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import type { StoredJob } from '../../batch-jobs/api/job-store.ts';
import { reconcile } from '../reconcile.ts';
import { type ServiceParts, type ServiceResponse, xml } from '../service-parts.ts';
import { encodeExecuteResponse } from '../wps/encode-execute-response.ts';
import { OwsException } from '../wps/ows-exception.ts';
import { statusInfo } from './status-info.ts';
import { statusPage } from './status-page.ts';
import { statusParameters } from './status-parameters.ts';
import { storedJob } from './stored-job.ts';

const formats = ['XML', 'JSON', 'HTML'] as const;

/**
 * A job's status: `jobStatus?jobId=<id>&format=XML|JSON|HTML`. Keys in any case; `XML` when no
 * format is asked for.
 *
 * It is derived from the record. A record that has not changed for long is first compared with
 * what the engine says.
 */
export async function getStatus(query: string, parts: ServiceParts): Promise<ServiceResponse> {
  const format = formatOf(query);
  const stored = await storedJob(query, await parts.store());
  const job = await repaired(stored, parts);
  switch (format) {
    case 'XML':
      return xml(200, encodeExecuteResponse(job));
    case 'JSON':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(statusInfo(job), null, 2),
      };
    case 'HTML':
      return {
        status: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        },
        body: statusPage(job),
      };
  }
}

function formatOf(query: string): (typeof formats)[number] {
  const asked = statusParameters(query).get('format') || 'XML';
  const format = formats.find((offered) => offered === asked.toUpperCase());
  if (format) return format;
  throw new OwsException(
    'InvalidParameterValue',
    `Parameter "format" is "${asked}"; allowed: ${formats.join(', ')}.`,
    { locator: 'format' },
  );
}

/** The record, brought up to date with the engine where it is overdue. */
async function repaired(stored: StoredJob, parts: ServiceParts): Promise<Job> {
  const { job } = stored;
  const age = parts.now().getTime() - Date.parse(job.updatedAt);
  if (isFinal(job.status) || age < parts.configuration.limits.jobOverdueSeconds * 1000) return job;
  try {
    const engine = await parts.engine();
    const engineJobId = job.claim ?? job.engineJobId ?? (await engine.find(job.id));
    const engineJob = engineJobId ? await engine.describe(engineJobId) : undefined;
    const store = await parts.store();
    return (await store.update(job.id, (now) => reconcile(now, engineJob))).job;
  } catch (error) {
    // The record as it stands is still the best answer there is.
    parts.log.error('overdue job was not repaired', { jobId: job.id }, error);
    return job;
  }
}
