import type { Job } from '../../../batch-jobs/api/job.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { dismissJob } from '../../operations/dismiss-job.ts';
import { findJob, jobInputs } from '../../operations/find-job.ts';
import { listProcesses } from '../../operations/processes.ts';
import { ServiceFault } from '../../operations/service-fault.ts';
import type { Handler, RouteDependencies } from '../../route.ts';
import { encodeFault } from './encode-fault.tsx';
import { readBody } from './form/read-body.ts';
import { valuesOfJob } from './form/starting-values.ts';
import { JobPage } from './job-page.tsx';
import { jobUrl } from './job-table.tsx';
import { pageContext } from './page-context.ts';
import { previewPicture, previewsOf } from './previews.ts';
import { refuseForeignForm } from './refuse-foreign-form.ts';
import { page, seeOther } from './respond.ts';

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
  return page(
    200,
    <JobPage
      context={context}
      job={found}
      {...(inputs ? { inputs } : {})}
      titles={new Map(process?.inputs.map(({ identifier, title }) => [identifier, title]))}
      previews={await previewsOf(found, context.base, dependencies)}
      {...(again === undefined ? {} : { again })}
      now={dependencies.now()}
    />,
  );
}

/** The page of a job, or of why there is none, where another protocol's URL asks for it. */
export async function status(
  find: () => Promise<Job>,
  request: ServiceRequest,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  try {
    return await jobPage(await find(), dependencies);
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    return encodeFault(error, { request, configuration: dependencies.configuration });
  }
}

/** The form of a job's page: it cancels the job. */
export const changeJob: Handler = async (request, { jobId = '' }, dependencies) => {
  refuseForeignForm(request, dependencies.configuration.baseUrl);
  const action = await actionOf(request, dependencies);
  if (action !== 'dismiss') {
    throw new ServiceFault(
      'invalid-value',
      `Parameter "action" is "${action}"; allowed: dismiss.`,
      {
        subject: 'action',
      },
    );
  }
  dependencies.recognise('dismiss');
  const dismissed = await dismissJob(jobId, dependencies);
  return seeOther(jobUrl(pageContext(dependencies).base, dismissed.id));
};

async function actionOf(request: ServiceRequest, { configuration }: Dependencies): Promise<string> {
  const { values } = await readBody(request, configuration.limits.maxRequestBytes);
  return values.get('action') ?? '';
}

/** A picture among a job's outputs, to be shown on its page. */
export const preview: Handler = async (_request, { jobId = '', name = '' }, dependencies) =>
  await previewPicture(jobId, name, dependencies);
