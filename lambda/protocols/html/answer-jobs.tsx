import { isFinal, type Job } from '../../../batch-jobs/api/job.ts';
import { expiryOf } from '../../../batch-jobs/api/job-expiry.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { findJob, jobInputs } from '../../operations/find-job.ts';
import { changeLabels } from '../../operations/label-job.ts';
import { listJobs } from '../../operations/list-jobs.ts';
import { pastDuration } from '../../operations/past-duration.ts';
import { listProcesses } from '../../operations/processes.ts';
import { removeJob } from '../../operations/remove-job.ts';
import type { Handler, RouteDependencies } from '../../route.ts';
import { ServiceFault } from '../../service-fault.ts';
import { encodeFault } from './encode-fault.tsx';
import { readBody } from './form/read-body.ts';
import { valuesOfJob } from './form/starting-values.ts';
import { JobListPage, type ListedStatus, listedStatuses } from './job-list-page.tsx';
import { JobPage } from './job-page.tsx';
import { jobUrl } from './job-table.tsx';
import { pageContext } from './page-context.ts';
import { previewPicture, previewsOf } from './previews.ts';
import { refuseForeignForm } from './refuse-foreign-form.ts';
import { page, seeOther } from './respond.ts';
import { termsOfJob } from './terms-of-job.ts';

export const job: Handler = async (_request, { jobId = '' }, dependencies) =>
  await jobPage(await findJob(jobId, dependencies), dependencies);

async function jobPage(found: Job, dependencies: Dependencies): Promise<ServiceResponse> {
  const context = pageContext(dependencies);
  const inputs = await jobInputs(found.id, dependencies).catch((error: unknown) => {
    dependencies.log.error('the inputs of a job were not read', {}, error);
    return undefined;
  });
  const process = listProcesses(dependencies).find(
    ({ identifier }) => identifier === found.process.identifier,
  );
  const again =
    process && inputs ? valuesOfJob(process, inputs, found.requestedOutputs).toString() : undefined;
  const duration = isFinal(found.status)
    ? undefined
    : await pastDuration(found.process.identifier, dependencies);
  const expiry = expiryOf(found, dependencies.configuration);
  const [previews, terms] = await Promise.all([
    previewsOf(found, context.base, dependencies),
    termsOfJob(found, process, inputs ?? [], dependencies),
  ]);
  return page(
    200,
    <JobPage
      context={context}
      job={found}
      {...(inputs ? { inputs } : {})}
      described={new Map(process?.inputs.map((input) => [input.identifier, input]))}
      previews={previews}
      terms={terms}
      {...(again === undefined ? {} : { again })}
      {...(duration ? { duration } : {})}
      {...(expiry === undefined ? {} : { expiry })}
      now={dependencies.now()}
    />,
  );
}

/** The page of a job, or of the reason why there is none, for a URL of another protocol. */
export async function status(
  find: () => Promise<Job>,
  request: ServiceRequest,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  try {
    return await jobPage(await find(), dependencies);
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    const { configuration, caller } = dependencies;
    return encodeFault(error, { request, configuration, caller });
  }
}

/** Handles the form of a job's page: cancels the job, or deletes its results. */
export const changeJob: Handler = async (request, { jobId = '' }, dependencies) => {
  refuseForeignForm(request, dependencies.configuration.baseUrl);
  await sentAction(request, ['dismiss'], dependencies);
  const dismissed = await removeJob(jobId, dependencies);
  return seeOther(jobUrl(pageContext(dependencies).base, dismissed.id));
};

/** Handles the form of the job list: cancels or deletes the selected jobs, or changes their labels. */
export const changeJobs: Handler = async (request, _parameters, dependencies) => {
  refuseForeignForm(request, dependencies.configuration.baseUrl);
  const actions = ['dismiss', 'label', 'unlabel'] as const;
  const { action, values } = await sentAction(request, actions, dependencies);
  const ids = values.getAll('jobId').slice(0, listedJobs);
  if (action === 'dismiss') {
    for (const id of ids) await removeJob(id, dependencies);
  } else {
    const labels = (values.get('labels') ?? '').split(',').map((label) => label.trim());
    const given = labels.filter((label) => label !== '');
    await changeLabels(ids, action === 'label' ? { add: given } : { remove: given }, dependencies);
  }
  // Back to the list with the same filter.
  const shown = new URLSearchParams(request.query).toString();
  const { base } = pageContext(dependencies);
  return seeOther(`${base}jobs${shown === '' ? '' : `?${shown}`}`);
};

/** @throws {ServiceFault} if a form asks for any other action */
async function sentAction<Action extends string>(
  request: ServiceRequest,
  actions: readonly Action[],
  { configuration }: Dependencies,
): Promise<{ readonly action: Action; readonly values: URLSearchParams }> {
  const { values } = await readBody(request, configuration.limits.maxRequestBytes);
  const given = values.get('action') ?? '';
  const action = actions.find((each) => each === given);
  if (action) return { action, values };
  throw new ServiceFault(
    'invalid-value',
    `Parameter "action" is "${given}"; allowed: ${actions.join(', ')}.`,
    { subject: 'action' },
  );
}

/** Jobs per page. */
const listedJobs = 25;

/** The list of the jobs that the reader may list. */
export const jobList: Handler = async ({ query }, _parameters, dependencies) => {
  const asked = new URLSearchParams(query);
  const process = asked.get('processID') || undefined;
  const status = statusOf(asked.get('status') ?? '');
  const label = asked.get('label')?.trim() || undefined;
  const after = asked.get('cursor') || undefined;
  const { jobs, next } = await listJobs(
    {
      ...(process === undefined ? {} : { processes: [process] }),
      ...(status === undefined ? {} : { statuses: listedStatuses[status] }),
      ...(label === undefined ? {} : { labels: [label] }),
    },
    { limit: listedJobs, ...(after === undefined ? {} : { after }) },
    dependencies,
  );
  asked.delete('f');
  const here = asked.toString();
  if (next !== undefined) asked.set('cursor', next);
  return page(
    200,
    <JobListPage
      context={pageContext(dependencies)}
      processes={listProcesses(dependencies)}
      jobs={jobs}
      {...(process === undefined ? {} : { process })}
      {...(status === undefined ? {} : { status })}
      {...(label === undefined ? {} : { label })}
      here={here}
      {...(next === undefined ? {} : { next: asked.toString() })}
      now={dependencies.now()}
    />,
  );
};

function statusOf(text: string): ListedStatus | undefined {
  if (text === '') return undefined;
  const names = Object.keys(listedStatuses);
  if (isListed(text)) return text;
  throw new ServiceFault(
    'invalid-value',
    `Parameter "status" is "${text}"; allowed: ${names.join(', ')}.`,
    { subject: 'status' },
  );
}

function isListed(text: string): text is ListedStatus {
  return Object.hasOwn(listedStatuses, text);
}

/** A picture among a job's outputs, for display on its page. */
export const preview: Handler = async (_request, { jobId = '', name = '' }, dependencies) =>
  await previewPicture(jobId, name, dependencies);
