import type { Job } from '../../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { ServiceResponse } from '../http.ts';
import { repairJob } from '../jobs/repair-job.ts';
import { statusPage } from '../protocols/html/status-page.ts';
import { statusInfo } from '../protocols/ogc-api/status-info.ts';
import { OwsException } from '../protocols/ows/ows-exception.ts';
import { encodeExecuteResponse } from '../protocols/wps-1.0/encode-execute-response.ts';
import { type OperationParts, xml } from '../service-parts.ts';
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
export async function getStatus(query: string, parts: OperationParts): Promise<ServiceResponse> {
  const format = formatOf(query);
  const store = await parts.store();
  const job = await repaired(await storedJob(query, store, parts.log), store, parts);
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
async function repaired(stored: StoredJob, store: JobStore, parts: OperationParts): Promise<Job> {
  const overdueSeconds = parts.configuration.limits.jobOverdueSeconds;
  try {
    return (await repairJob(stored, { ...parts, store, overdueSeconds })).job;
  } catch (error) {
    // The record as it stands is still the best answer there is.
    parts.log.error('overdue job was not repaired', {}, error);
    return stored.job;
  }
}
