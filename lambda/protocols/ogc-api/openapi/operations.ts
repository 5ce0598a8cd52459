import type { JsonSchema } from '../../../../batch-jobs/api/json-schema.ts';
import type { ProcessDescription } from '../../../../batch-jobs/api/process-description.ts';
import type { Offer } from '../encode-service.ts';
import { mediaTypes, paths as resources } from '../links.ts';
import { inputSchema } from '../value-schemas.ts';
import { type componentSchemas, schemaRef } from './component-schemas.ts';
import { openApiSchema } from './open-api-schema.ts';
import { type ParameterName, parameterRef } from './parameters.ts';

type SchemaName = keyof typeof componentSchemas;

interface Content {
  readonly [mediaType: string]: { readonly schema: JsonSchema };
}

/** "Response Object" of OpenAPI 3.0. */
interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { description: string; schema: JsonSchema }>>;
  readonly content?: Content;
}

/** "Operation Object" of OpenAPI 3.0. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
  readonly callbacks?: Readonly<Record<string, unknown>>;
}

/** "Path Item Object" of OpenAPI 3.0. */
export type PathItem = Readonly<Partial<Record<'get' | 'post' | 'patch' | 'delete', Operation>>>;

const binary: JsonSchema = { type: 'string', format: 'binary' };
const text: JsonSchema = { type: 'string' };

function json(schema: SchemaName, description: string, hasPage = true): Response {
  return {
    description,
    content: {
      [mediaTypes.json]: { schema: schemaRef(schema) },
      ...(hasPage ? { [mediaTypes.html]: { schema: text } } : {}),
    },
  };
}

/** Responses for faults, by status; each is a component of the document. */
export const faultResponses = {
  '400': 'A parameter, an input or an output is at fault.',
  '403': 'The caller may not do this.',
  '404': 'There is no such process, job or output, or the results are not ready.',
  '405': 'The method is not served here.',
  '410': 'The job has expired.',
  '413': 'The request, or an input, is too large.',
  '415': 'The request body is no JSON.',
  '429': 'Too many jobs wait already, or too many requests come. See header Retry-After.',
  '500': 'The service failed, or the job did.',
  '503': 'The service cannot take the request now.',
  '504': 'The service could not answer in time.',
} as const;

type FaultStatus = keyof typeof faultResponses;

function faults(...statuses: FaultStatus[]) {
  const each: FaultStatus[] = [...statuses, '405', '429', '500', '503', '504'];
  return Object.fromEntries(
    [...new Set(each)].map((status) => [status, { $ref: `#/components/responses/${status}` }]),
  );
}

function get(
  operationId: string,
  tag: string,
  summary: string,
  parameters: readonly ParameterName[],
  ok: Response,
  ...faultStatuses: FaultStatus[]
): Operation {
  return {
    operationId,
    summary,
    tags: [tag],
    parameters: [...parameters, 'f' as const].map(parameterRef),
    responses: { '200': ok, ...faults('400', ...faultStatuses) },
  };
}

/** Every path of the API, with the request and the responses of each method. */
export function apiPaths(
  processes: readonly ProcessDescription[],
  offer: Offer,
): Readonly<Record<string, PathItem>> {
  const { jobList, callback } = offer;
  return {
    '/': {
      get: get('getLandingPage', 'service', 'Landing page', [], json('landingPage', 'Links.')),
    },
    [`/${resources.conformance}`]: {
      get: get(
        'getConformanceClasses',
        'service',
        'What the API conforms to',
        [],
        json('confClasses', 'Conformance classes.'),
      ),
    },
    [`/${resources.api}`]: {
      get: get('getApi', 'service', 'This document', [], {
        description: 'The API as an OpenAPI document, or as a page.',
        content: {
          [mediaTypes.openApi]: { schema: { type: 'object' } },
          [mediaTypes.html]: { schema: text },
        },
      }),
    },
    ...(callback
      ? {
          [`/${resources.keys}`]: {
            get: get('getKeys', 'service', 'Keys that callbacks are signed with', [], {
              description: 'A JWK set (RFC 7517).',
              content: { [mediaTypes.json]: { schema: { type: 'object' } } },
            }),
          },
        }
      : {}),
    [`/${resources.processes}`]: {
      get: get(
        'getProcesses',
        'processes',
        'Processes on offer',
        ['limit', 'offset'],
        json('processList', 'A page of the processes.'),
      ),
    },
    '/processes/{processID}': {
      get: get(
        'getProcessDescription',
        'processes',
        'Description of a process',
        ['processId'],
        json('process', 'The process with its inputs and outputs.'),
        '404',
      ),
    },
    '/processes/{processID}/execution': {
      post: execution('execute', 'Run a process', schemaRef('execute'), ['processId'], callback),
    },
    '/processes/{processID}/estimate': {
      post: askedOf(
        'estimate',
        'How large a request is, and what is wrong with it; nothing is run',
        json('estimate', 'Its faults and its size, whether it is valid or not.', false),
      ),
    },
    '/processes/{processID}/constraints': {
      post: askedOf(
        'constraints',
        'What each input and output may still be, beside what a request says; nothing is run',
        json('constraints', 'What is possible, whether the request is valid or not.', false),
      ),
    },
    '/processes/{processID}/inputs/{inputID}/suggestions': {
      get: get(
        'getSuggestions',
        'processes',
        'Values that an input may take',
        ['processId', 'inputId', 'q'],
        json('suggestions', 'Values, the best first.', false),
        '404',
      ),
    },
    ...Object.fromEntries(
      processes.map((process) => [
        `/${resources.execution(process.identifier)}`,
        {
          post: execution(
            `execute-${process.identifier}`,
            `Run ${process.title}`,
            executeSchema(process),
            [],
            callback,
          ),
        },
      ]),
    ),
    ...(jobList
      ? {
          [`/${resources.jobs}`]: {
            get: get(
              'getJobs',
              'jobs',
              'Jobs, latest first',
              [
                'type',
                'processID',
                'status',
                'datetime',
                'minDuration',
                'maxDuration',
                'label',
                'limit',
                'cursor',
              ],
              json('jobList', 'A page of the jobs.'),
              '403',
            ),
          },
        }
      : {}),
    '/jobs/{jobID}': {
      get: get(
        'getStatus',
        'jobs',
        'Status of a job',
        ['jobId'],
        json('statusInfo', 'The status.'),
        '404',
        '410',
      ),
      patch: {
        operationId: 'changeJob',
        summary: 'Change the labels of a job',
        tags: ['jobs'],
        parameters: [parameterRef('jobId')],
        requestBody: {
          required: true,
          content: {
            'application/merge-patch+json': { schema: schemaRef('labels') },
            [mediaTypes.json]: { schema: schemaRef('labels') },
          },
        },
        responses: {
          '200': json('statusInfo', 'The status, with the labels.', false),
          ...faults('400', '404', '410', '413', '415'),
        },
      },
      delete: {
        operationId: 'dismiss',
        summary: 'Dismiss a job, and remove what it made',
        tags: ['jobs'],
        parameters: [parameterRef('jobId')],
        responses: {
          '200': json('statusInfo', 'The status, dismissed.', false),
          ...faults('404', '410'),
        },
      },
    },
    '/jobs/{jobID}/results': {
      get: {
        operationId: 'getResult',
        summary: 'Results of a job, as its request asked for them',
        tags: ['jobs'],
        parameters: [parameterRef('jobId'), parameterRef('f')],
        responses: {
          '200': resultsResponse,
          '204': linksResponse,
          '303': redirectResponse,
          ...faults('400', '404', '410', '413'),
        },
      },
    },
    '/jobs/{jobID}/results/{outputID}': {
      get: {
        operationId: 'getResultOutput',
        summary: 'One output of a job, itself',
        tags: ['jobs'],
        parameters: [parameterRef('jobId'), parameterRef('outputId'), parameterRef('f')],
        responses: {
          '200': { description: 'The output.', content: { '*/*': { schema: binary } } },
          '303': redirectResponse,
          ...faults('400', '404', '410', '413'),
        },
      },
    },
    '/jobs/{jobID}/inputs': {
      get: get(
        'getInputs',
        'jobs',
        'Inputs that a job was given',
        ['jobId'],
        json('jobInputs', 'The inputs, as an execute request has them.'),
        '404',
        '410',
      ),
    },
    '/jobs/{jobID}/log': {
      get: get(
        'getLog',
        'jobs',
        'Messages of a job',
        ['jobId'],
        json('jobLog', 'The messages, oldest first.'),
        '404',
        '410',
      ),
    },
  };
}

/** An operation that asks about an execute request without sending it for execution. */
function askedOf(operationId: string, summary: string, answer: Response): Operation {
  return {
    operationId,
    summary,
    tags: ['processes'],
    parameters: [parameterRef('processId')],
    requestBody: {
      required: true,
      content: { [mediaTypes.json]: { schema: schemaRef('execute') } },
    },
    responses: { '200': answer, ...faults('400', '404', '413', '415') },
  };
}

const resultsResponse: Response = {
  description:
    'A document of the outputs; or the one output itself, or all in a multipart message, where the request asked for raw results.',
  content: {
    [mediaTypes.json]: { schema: schemaRef('results') },
    'multipart/related': { schema: binary },
    '*/*': { schema: binary },
  },
};

const linksResponse: Response = {
  description: 'Raw outputs by reference only: see header Link.',
  headers: { Link: { description: 'A link per output.', schema: text } },
};

const redirectResponse: Response = {
  description: 'The output is at another URL.',
  headers: { Location: { description: 'Where the output is.', schema: text } },
};

function execution(
  operationId: string,
  summary: string,
  schema: JsonSchema,
  parameters: readonly ParameterName[],
  callback: boolean,
): Operation {
  return {
    operationId,
    summary,
    tags: ['execution'],
    parameters: [...parameters, 'prefer' as const, 'idempotencyKey' as const].map(parameterRef),
    requestBody: { required: true, content: { [mediaTypes.json]: { schema } } },
    responses: {
      '200': {
        ...resultsResponse,
        headers: {
          Link: { description: 'The job, rel="monitor".', schema: text },
          'Preference-Applied': { description: 'What of Prefer was followed.', schema: text },
        },
      },
      '201': {
        ...json('statusInfo', 'The job was accepted and goes on.', false),
        headers: { Location: { description: 'Status of the job.', schema: text } },
      },
      '204': linksResponse,
      '303': redirectResponse,
      ...faults('400', '403', '404', '413', '415'),
    },
    ...(callback ? { callbacks } : {}),
  };
}

const callbacks = {
  successful: callbackOf('successUri', 'results', 'The job succeeded: its results document.'),
  inProgress: callbackOf('inProgressUri', 'statusInfo', 'The job runs: its status.'),
  failed: callbackOf('failedUri', 'statusInfo', 'The job failed: its status.'),
};

function callbackOf(member: string, schema: SchemaName, description: string) {
  return {
    [`{$request.body#/subscriber/${member}}`]: {
      post: {
        summary: description,
        requestBody: { content: { [mediaTypes.json]: { schema: schemaRef(schema) } } },
        responses: { '2XX': { description: 'Received; any other answer is tried again.' } },
      },
    },
  };
}

/** The execute request of one process. */
function executeSchema({ inputs, outputs }: ProcessDescription): JsonSchema {
  const required = inputs.filter(({ minOccurs }) => minOccurs > 0);
  return {
    allOf: [
      schemaRef('execute'),
      {
        type: 'object',
        ...(required.length > 0 ? { required: ['inputs'] } : {}),
        properties: {
          inputs: {
            type: 'object',
            ...(required.length > 0
              ? { required: required.map(({ identifier }) => identifier) }
              : {}),
            properties: Object.fromEntries(
              inputs.map((input) => {
                const one: JsonSchema = {
                  anyOf: [
                    openApiSchema(inputSchema(input)),
                    { type: 'object', required: ['value'] },
                    schemaRef('reference'),
                  ],
                };
                const { maxOccurs, identifier } = input;
                const many: JsonSchema = { type: 'array', items: one, maxItems: maxOccurs };
                return [identifier, maxOccurs > 1 ? { anyOf: [one, many] } : one];
              }),
            ),
          },
          outputs: {
            type: 'object',
            properties: Object.fromEntries(
              outputs.map(({ identifier }) => [identifier, schemaRef('outputChoice')]),
            ),
          },
        },
      },
    ],
  };
}
