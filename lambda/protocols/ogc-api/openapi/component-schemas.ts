import type { JsonSchema } from '../../../../batch-jobs/api/json-schema.ts';

const text: JsonSchema = { type: 'string' };
const uri: JsonSchema = { type: 'string', format: 'uri' };
const instant: JsonSchema = { type: 'string', format: 'date-time' };

const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** A reference to a schema of this document, by its name. */
export function schemaRef(name: keyof typeof componentSchemas): JsonSchema {
  return ref(name);
}

function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** Properties of everything that has a title. */
const described = { title: text, description: text } as const;

/** Schemas of the documents of the API (OGC 18-062r2, clause 7, and this service's additions). */
export const componentSchemas = {
  link: {
    type: 'object',
    required: ['href', 'rel', 'type'],
    properties: { href: uri, rel: text, type: text, title: text },
  },
  landingPage: {
    type: 'object',
    required: ['links'],
    properties: { ...described, links: listOf(ref('link')) },
  },
  estimate: {
    type: 'object',
    description: 'What is known of a request before it is sent; what is not known is left out.',
    required: ['valid', 'faults'],
    properties: {
      valid: { type: 'boolean' },
      faults: listOf(ref('requestFault')),
      files: { type: 'integer' },
      bytes: { type: 'integer' },
      outputBytes: { type: 'integer' },
      steps: { type: 'integer' },
      cells: { type: 'integer' },
      limitBytes: { type: 'number' },
      duration: {
        type: 'object',
        description:
          'How long the latest jobs of this process took that succeeded, whatever their size; left out until three have.',
        required: ['minimumSeconds', 'maximumSeconds', 'runs'],
        properties: {
          minimumSeconds: { type: 'number' },
          maximumSeconds: { type: 'number' },
          runs: { type: 'integer' },
        },
      },
      queue: text,
    },
  },
  requestFault: {
    type: 'object',
    required: ['type', 'detail'],
    properties: { type: text, input: text, detail: text },
  },
  constraints: {
    type: 'object',
    description:
      'What each input and output may still be, for those that are limited at all. What cannot be read of the request counts as not given, and is listed as a fault.',
    required: ['inputs', 'outputs', 'faults'],
    properties: {
      inputs: { type: 'object', additionalProperties: ref('inputConstraint') },
      outputs: { type: 'object', additionalProperties: ref('outputConstraint') },
      faults: listOf(ref('requestFault')),
    },
  },
  inputConstraint: {
    type: 'object',
    properties: {
      values: {
        type: 'array',
        items: text,
        description:
          'The only values that are possible, beside the ranges; of an input that lists values with commas between, those of its parts.',
      },
      ranges: listOf({ type: 'object', properties: { minimum: text, maximum: text } }),
      extent: {
        type: 'object',
        description: 'What a part of a layer lies within.',
        properties: {
          bbox: {
            type: 'array',
            items: { type: 'number' },
            minItems: 4,
            maxItems: 4,
            description: 'Degrees: west, south, east, north.',
          },
          period: { type: 'object', properties: { start: instant, end: instant } },
          depth: {
            type: 'object',
            nullable: true,
            description: 'Metres below the surface; null where there are no depths.',
            properties: { shallowest: { type: 'number' }, deepest: { type: 'number' } },
          },
        },
      },
      text: { type: 'string', description: 'Why.' },
    },
  },
  outputConstraint: {
    type: 'object',
    properties: {
      formats: {
        type: 'array',
        items: text,
        description: 'Media types of the only formats that are possible.',
      },
      text: { type: 'string', description: 'Why.' },
    },
  },
  suggestions: {
    type: 'object',
    required: ['suggestions'],
    properties: {
      suggestions: listOf({
        type: 'object',
        required: ['value'],
        properties: { value: text, title: text, abstract: text, coverage: { type: 'object' } },
      }),
    },
  },
  confClasses: {
    type: 'object',
    required: ['conformsTo'],
    properties: { conformsTo: listOf(uri) },
  },
  exception: {
    type: 'object',
    description: 'Problem details of RFC 7807.',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: uri,
      title: text,
      status: { type: 'integer' },
      detail: text,
      'invalid-params': {
        type: 'array',
        description: 'Each input or parameter at fault.',
        items: { type: 'object', properties: { name: text, reason: text } },
      },
    },
  },
  valueDescription: {
    type: 'object',
    required: ['schema'],
    properties: {
      ...described,
      minOccurs: { type: 'integer', minimum: 0 },
      maxOccurs: { type: 'integer', minimum: 1 },
      schema: { type: 'object', description: 'A schema object of OpenAPI 3.0.' },
    },
  },
  processSummary: {
    type: 'object',
    required: ['id', 'version', 'links'],
    properties: {
      id: text,
      version: text,
      ...described,
      keywords: listOf(text),
      metadata: listOf({ type: 'object', properties: { title: text, href: uri } }),
      jobControlOptions: listOf({
        type: 'string',
        enum: ['sync-execute', 'async-execute', 'dismiss'],
      }),
      outputTransmission: listOf({ type: 'string', enum: ['value', 'reference'] }),
      links: listOf(ref('link')),
    },
  },
  process: {
    allOf: [
      ref('processSummary'),
      {
        type: 'object',
        properties: {
          inputs: { type: 'object', additionalProperties: ref('valueDescription') },
          outputs: { type: 'object', additionalProperties: ref('valueDescription') },
        },
      },
    ],
  },
  processList: {
    type: 'object',
    required: ['processes', 'links'],
    properties: { processes: listOf(ref('processSummary')), links: listOf(ref('link')) },
  },
  reference: {
    type: 'object',
    required: ['href'],
    properties: { href: uri, type: text, title: text },
  },
  format: {
    type: 'object',
    properties: { mediaType: text, encoding: text, schema: text },
  },
  outputChoice: {
    type: 'object',
    properties: {
      format: ref('format'),
      transmissionMode: { type: 'string', enum: ['value', 'reference'], default: 'value' },
    },
  },
  subscriber: {
    type: 'object',
    description: 'Where to tell how the job gets on, on hosts that the provider allows.',
    properties: { successUri: uri, inProgressUri: uri, failedUri: uri },
  },
  execute: {
    type: 'object',
    properties: {
      inputs: { type: 'object', additionalProperties: true },
      outputs: {
        type: 'object',
        description: 'Left out, every output in its first format.',
        additionalProperties: ref('outputChoice'),
      },
      response: { type: 'string', enum: ['raw', 'document'], default: 'raw' },
      subscriber: ref('subscriber'),
      labels: listOf({ type: 'string', minLength: 1, maxLength: 100 }),
    },
  },
  results: {
    type: 'object',
    description: 'Outputs by identifier: values, qualified values, or links.',
    additionalProperties: true,
  },
  statusInfo: {
    type: 'object',
    required: ['jobID', 'status', 'type', 'processID', 'created', 'updated', 'progress', 'links'],
    properties: {
      processID: text,
      type: { type: 'string', enum: ['process'] },
      jobID: text,
      status: {
        type: 'string',
        enum: ['accepted', 'running', 'successful', 'failed', 'dismissed'],
      },
      message: text,
      exception: ref('exception'),
      created: instant,
      started: instant,
      finished: instant,
      updated: instant,
      expires: instant,
      progress: { type: 'integer', minimum: 0, maximum: 100 },
      labels: listOf(text),
      warnings: listOf(text),
      estimatedCostUsd: {
        type: 'number',
        minimum: 0,
        description:
          'What the job cost in US dollars, estimated from its time and list prices; for jobs of callers with an identity, once they have ended.',
      },
      links: listOf(ref('link')),
    },
  },
  jobList: {
    type: 'object',
    required: ['jobs', 'links'],
    properties: { jobs: listOf(ref('statusInfo')), links: listOf(ref('link')) },
  },
  jobInputs: {
    type: 'object',
    required: ['inputs'],
    properties: {
      processID: text,
      jobID: text,
      inputs: { type: 'object', additionalProperties: true },
      outputs: { type: 'object', additionalProperties: ref('outputChoice') },
      links: listOf(ref('link')),
    },
  },
  jobLog: {
    type: 'object',
    required: ['messages'],
    properties: {
      jobID: text,
      messages: listOf({
        type: 'object',
        required: ['time', 'status', 'message'],
        properties: { time: instant, status: text, progress: { type: 'integer' }, message: text },
      }),
      links: listOf(ref('link')),
    },
  },
  labels: {
    type: 'object',
    required: ['labels'],
    properties: { labels: listOf({ type: 'string', minLength: 1, maxLength: 100 }) },
  },
} as const satisfies Readonly<Record<string, JsonSchema>>;
