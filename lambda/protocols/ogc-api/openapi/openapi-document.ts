import type { ProcessDescription } from '../../../../batch-jobs/api/process-description.ts';
import type { Configuration } from '../../../configuration/configuration.ts';
import type { Offer } from '../encode-service.ts';
import { mediaTypes } from '../links.ts';
import { componentSchemas, schemaRef } from './component-schemas.ts';
import { apiPaths, faultResponses } from './operations.ts';
import { parameters } from './parameters.ts';

/** Version of the API, not of the standard. */
const apiVersion = '1.0.0';

/**
 * The API as an OpenAPI 3.0 document (OGC 18-062r2, clause 10), with the execute request of each offered
 * process.
 */
export function openApiDocument(
  { identification, provider }: Pick<Configuration, 'identification' | 'provider'>,
  processes: readonly ProcessDescription[],
  baseUrl: string,
  offer: Offer,
) {
  const { electronicMailAddress } = provider.contact;
  return {
    openapi: '3.0.3',
    info: {
      title: identification.title,
      ...(identification.abstract === undefined ? {} : { description: identification.abstract }),
      version: apiVersion,
      contact: {
        name: provider.name,
        ...(provider.site === undefined ? {} : { url: provider.site }),
        ...(electronicMailAddress === undefined ? {} : { email: electronicMailAddress }),
      },
    },
    servers: [{ url: baseUrl.replace(/\/$/, '') }],
    tags: [
      { name: 'service', description: 'The service and its API' },
      { name: 'processes', description: 'What can be run' },
      { name: 'execution', description: 'Runs of processes' },
      { name: 'jobs', description: 'How runs get on, and what they made' },
    ],
    paths: apiPaths(processes, offer),
    components: {
      schemas: componentSchemas,
      parameters,
      responses: Object.fromEntries(
        Object.entries(faultResponses).map(([status, description]) => [
          status,
          { description, content: { [mediaTypes.problem]: { schema: schemaRef('exception') } } },
        ]),
      ),
    },
  };
}
