/** Handlers of the page routes. The code that renders pages is loaded with the first page. */

import type { Job } from '../../../batch-jobs/api/job.ts';
import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import type { Handler, RouteDependencies } from '../../route.ts';
import type { DocumentName } from './document-page.tsx';

const processes = loadOnce(() => import('./answer-processes.tsx'));
const jobs = loadOnce(() => import('./answer-jobs.tsx'));
const documents = loadOnce(() => import('./answer-documents.tsx'));
const assets = loadOnce(() => import('./answer-asset.ts'));

export const landing: Handler = async (...request) => (await processes()).landing(...request);
/** Redirects from an endpoint for programs to the page that describes it. */
export const toLanding: Handler = async (...request) => (await processes()).toLanding(...request);
export const processList: Handler = async (...request) =>
  (await processes()).processList(...request);
export const processForm: Handler = async (...request) =>
  (await processes()).processForm(...request);
export const overview: Handler = async (...request) => (await processes()).overview(...request);
export const sendForm: Handler = async (...request) => (await processes()).sendForm(...request);
export const job: Handler = async (...request) => (await jobs()).job(...request);
export const changeJob: Handler = async (...request) => (await jobs()).changeJob(...request);
export const jobList: Handler = async (...request) => (await jobs()).jobList(...request);
export const changeJobs: Handler = async (...request) => (await jobs()).changeJobs(...request);
export const preview: Handler = async (...request) => (await jobs()).preview(...request);
export const asset: Handler = async (...request) => (await assets()).asset(...request);

/** A page of the JSON response of another protocol's handler. */
export const documentPage =
  (name: DocumentName, json: Handler): Handler =>
  async (...request) =>
    (await documents()).documentPage(name, json, ...request);
/** Like {@link documentPage}, for the OpenAPI document. */
export const apiPage =
  (json: Handler): Handler =>
  async (...request) =>
    (await documents()).apiPage(json, ...request);

/** The page of a job, for a URL of another protocol. */
export async function status(
  findJob: () => Promise<Job>,
  request: ServiceRequest,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  return (await jobs()).status(findJob, request, dependencies);
}
