import type { JsonSchema } from '../../../../batch-jobs/api/json-schema.ts';
import { jobListLimits } from '../decode-job-filter.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly description: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
  readonly style?: 'form';
  readonly explode?: boolean;
}

function query(name: string, description: string, schema: JsonSchema): Parameter {
  return { name, in: 'query', description, required: false, schema };
}

function listQuery(name: string, description: string, items: JsonSchema): Parameter {
  const schema: JsonSchema = { type: 'array', items };
  return { ...query(name, description, schema), style: 'form', explode: false };
}

function header(name: string, description: string, schema: JsonSchema): Parameter {
  return { name, in: 'header', description, required: false, schema };
}

function path(name: string, description: string): Parameter {
  return { name, in: 'path', description, required: true, schema: { type: 'string' } };
}

const duration: JsonSchema = { type: 'integer', minimum: 0 };

/** Every parameter that an operation of the API has, by its name in the document. */
export const parameters = {
  f: query('f', 'Form of the answer; stronger than the header Accept.', {
    type: 'string',
    enum: ['json', 'html'],
  }),
  limit: query('limit', 'Most items in the answer; a link leads to the next ones.', {
    type: 'integer',
    minimum: 1,
    maximum: jobListLimits.maximum,
    default: jobListLimits.default,
  }),
  offset: query('offset', 'Items to leave out at the start.', {
    type: 'integer',
    minimum: 0,
    default: 0,
  }),
  cursor: query('cursor', 'Where the page begins, as a link to the next page has it.', {
    type: 'string',
  }),
  type: listQuery('type', 'Types of jobs.', { type: 'string', enum: ['process'] }),
  processID: listQuery('processID', 'Processes of the jobs.', { type: 'string' }),
  status: listQuery('status', 'Statuses of the jobs.', {
    type: 'string',
    enum: ['accepted', 'running', 'successful', 'failed', 'dismissed'],
  }),
  datetime: query(
    'datetime',
    'When the jobs were created: an instant, or an interval such as 2024-01-01T00:00:00Z/..',
    { type: 'string' },
  ),
  minDuration: query('minDuration', 'Least time that the jobs have run, in seconds.', duration),
  maxDuration: query('maxDuration', 'Longest time that the jobs have run, in seconds.', duration),
  label: listQuery('label', 'Labels that the jobs have, all of them.', { type: 'string' }),
  processId: path('processID', 'Identifier of a process.'),
  inputId: path('inputID', 'Identifier of an input.'),
  q: query('q', 'What has been typed so far.', { type: 'string' }),
  jobId: path('jobID', 'Identifier of a job.'),
  outputId: path('outputID', 'Identifier of an output.'),
  prefer: header(
    'Prefer',
    'respond-async to be answered at once, respond-sync to wait; wait=N for how many seconds.',
    { type: 'string' },
  ),
  idempotencyKey: header(
    'Idempotency-Key',
    'Two requests with one key make one job; the second is answered with it.',
    { type: 'string', minLength: 1, maxLength: 255 },
  ),
} as const satisfies Readonly<Record<string, Parameter>>;

export type ParameterName = keyof typeof parameters;

export function parameterRef(name: ParameterName) {
  return { $ref: `#/components/parameters/${name}` };
}
