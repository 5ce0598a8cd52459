import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../../batch-jobs/api/json-schema.ts';
import type { ProcessDescription } from '../../../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../../../batch-jobs/catalogue.ts';
import { openApiSchema } from '../../../../lambda/protocols/ogc-api/openapi/open-api-schema.ts';
import { openApiDocument } from '../../../../lambda/protocols/ogc-api/openapi/openapi-document.ts';
import type { Parameter } from '../../../../lambda/protocols/ogc-api/openapi/parameters.ts';
import { apiUnderTest } from '../../../conformance/ogc-api/api-under-test.ts';
import { fitsSchema } from '../../../ogc-api-schemas.ts';
import { fixed, giveBack, testCatalogue } from '../../../test-catalogue.ts';

const configuration = {
  identification: {
    title: 'Test service',
    abstract: 'A service to test.',
    keywords: [],
    fees: 'NONE',
    accessConstraints: 'NONE',
  },
  provider: {
    name: 'Tester',
    site: 'https://example.org/',
    contact: { electronicMailAddress: 'tester@example.org' },
  },
};

const all = { jobList: true, callback: true };
const document = openApiDocument(
  configuration,
  [...catalogue, ...testCatalogue],
  'https://example.org/TEST/',
  all,
);

describe('the OpenAPI document', () => {
  it.each([
    ['everything', all],
    ['no more than it must', { jobList: false, callback: false }],
  ])(
    'the OpenAPI document is valid by the schema of OpenAPI 3.0 if the service offers %s',
    async (_, offer) => {
      const made = openApiDocument(configuration, catalogue, 'https://example.org/TEST/', offer);
      const validator = new Validator();
      const result = await validator.validate(JSON.parse(JSON.stringify(made)));
      expect(result.errors).toBeUndefined();
      expect(result.valid).toBe(true);
      expect(validator.version).toBe('3.0');
      expect(Object.hasOwn(made.paths, '/jobs')).toBe(offer.jobList);
    },
  );

  it.each([
    [
      'everything that is known',
      configuration,
      { description: 'A service to test.' },
      { url: 'https://example.org/', email: 'tester@example.org' },
    ],
    [
      'no more than is known',
      {
        identification: { ...configuration.identification, abstract: undefined },
        provider: { name: 'Tester', contact: {} },
      },
      {},
      {},
    ],
  ])('the OpenAPI document says of the service %s', (_, known, description, contact) => {
    const { abstract, ...identification } = known.identification;
    const own = {
      ...known,
      identification: { ...identification, ...(abstract === undefined ? {} : { abstract }) },
    };
    const made = openApiDocument(own, catalogue, 'https://example.org/TEST/', all);
    expect(made.info).toEqual({
      title: 'Test service',
      version: '1.0.0',
      ...description,
      contact: { name: 'Tester', ...contact },
    });
    expect(made.servers).toEqual([{ url: 'https://example.org/TEST' }]);
  });

  it('the OpenAPI document contains everything that it refers to', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    const missing = references
      .map(([, path = '']) => path)
      .filter((path) => {
        let at: unknown = document;
        for (const step of path.split('/')) {
          if (typeof at !== 'object' || at === null) return true;
          at = Object.entries(at).find(([name]) => name === step)?.[1];
        }
        return at === undefined;
      });
    expect(missing).toEqual([]);
  });

  it('the OpenAPI document names each operation once, and every parameter of a path', () => {
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations) {
      expect(operation.operationId).toMatch(/^[a-z][\w:.-]+$/);
      expect(operation.summary).toMatch(/^[A-Z0-9].+/);
      for (const response of Object.values(operation.responses)) {
        if (!('$ref' in response)) expect(response.description).toMatch(/^[A-Z].+\.$/);
      }
    }
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).map(({ $ref }) => $ref.split('/').at(-1));
      const found = Object.entries(document.components.parameters)
        .filter(([name, { in: place }]) => declared.includes(name) && place === 'path')
        .map(([, { name }]) => name);
      expect(found.sort()).toEqual(named.sort());
    }
  });

  it('the OpenAPI document has the execute request of each process, as its description says', () => {
    const path = document.paths['/processes/every:Thing/execution'];
    const schema = path?.post?.requestBody?.content['application/json']?.schema;
    const { schemas } = document.components;
    const fits = (inputs: object) => fitsSchema({ ...schema, components: { schemas } }, { inputs });
    expect(schema).toBeDefined();
    expect(fits({ count: 1, text: ['a', 'b'], area: { bbox: [1, 2, 3, 4] } })).toBe(true);
    expect(fits({ count: 3 })).toBe(false);
    expect(fits({ text: ['a', 'b', 'c'] })).toBe(false);
    expect(fits({ document: { href: 'https://example.org/a' } })).toBe(true);
  });

  it('the OpenAPI document has each operation with its parameters, its body and what it answers', () => {
    const always = ['405', '429', '500', '503', '504'];
    const read = ['400', ...always];
    const ofJob = ['400', '404', '410', ...always];
    const sent = ['400', '404', '413', '415', ...always];
    const page = (schema: string) => [`200 ${schema} or page`];
    const execution = ['200 results or binary', '201 statusInfo', '204', '303', '403', ...sent];
    const job = ['jobID', 'f'];
    const asked = ['processID', 'body execute'];
    const filters = ['type', 'processID', 'status', 'datetime', 'minDuration', 'maxDuration'];
    const headers = ['Prefer', 'Idempotency-Key'];
    const process = '/processes/{processID}';
    const rows: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
      ['get /', 'service', ['f'], [...page('landingPage'), ...read]],
      ['get /conformance', 'service', ['f'], [...page('confClasses'), ...read]],
      ['get /api', 'service', ['f'], [...page('object'), ...read]],
      ['get /keys', 'service', ['f'], ['200 object', ...read]],
      ['get /processes', 'processes', ['limit', 'offset', 'f'], [...page('processList'), ...read]],
      [`get ${process}`, 'processes', ['processID', 'f'], [...page('process'), '404', ...read]],
      [
        `post ${process}/execution`,
        'execution',
        ['processID', ...headers, 'body execute'],
        execution,
      ],
      [`post ${process}/estimate`, 'processes', asked, ['200 estimate', ...sent]],
      [`post ${process}/constraints`, 'processes', asked, ['200 constraints', ...sent]],
      [
        `get ${process}/inputs/{inputID}/suggestions`,
        'processes',
        ['processID', 'inputID', 'q', 'f'],
        ['200 suggestions', '404', ...read],
      ],
      ['post /processes/fixed/execution', 'execution', [...headers, 'body own'], execution],
      [
        'get /jobs',
        'jobs',
        [...filters, 'label', 'limit', 'cursor', 'f'],
        [...page('jobList'), '403', ...read],
      ],
      ['get /jobs/{jobID}', 'jobs', job, [...page('statusInfo'), ...ofJob]],
      [
        'patch /jobs/{jobID}',
        'jobs',
        ['jobID', 'body labels'],
        ['200 statusInfo', '413', '415', ...ofJob],
      ],
      ['delete /jobs/{jobID}', 'jobs', ['jobID'], ['200 statusInfo', '404', '410', ...always]],
      [
        'get /jobs/{jobID}/results',
        'jobs',
        job,
        ['200 results or binary', '204', '303', '413', ...ofJob],
      ],
      [
        'get /jobs/{jobID}/results/{outputID}',
        'jobs',
        ['jobID', 'outputID', 'f'],
        ['200 binary', '303', '413', ...ofJob],
      ],
      ['get /jobs/{jobID}/inputs', 'jobs', job, [...page('jobInputs'), ...ofJob]],
      ['get /jobs/{jobID}/log', 'jobs', job, [...page('jobLog'), ...ofJob]],
    ];
    const made = openApiDocument(configuration, [fixed], 'https://example.org/', all);
    const nameOf = (schema: JsonSchema) =>
      schema.$ref?.split('/').at(-1) ?? schema.format ?? schema.type ?? 'own';
    const parameterNames = new Map(
      Object.entries(made.components.parameters).map(([key, { name }]) => [key, name]),
    );
    const found = Object.entries(made.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { tags, parameters, requestBody, responses }]) => [
        `${method} ${path}`,
        ...tags,
        [
          ...(parameters ?? []).map(({ $ref }) => parameterNames.get($ref.split('/').at(-1) ?? '')),
          ...new Set(
            Object.values(requestBody?.content ?? {}).map(({ schema }) => `body ${nameOf(schema)}`),
          ),
        ],
        Object.entries(responses).map(([status, response]) => {
          const content = 'content' in response ? (response.content ?? {}) : {};
          const names = Object.entries(content).map(([type, { schema }]) =>
            type === 'text/html' ? 'page' : nameOf(schema),
          );
          return [status, [...new Set(names)].join(' or ')].join(' ').trim();
        }),
      ]),
    );
    const sorted = (lists: readonly (readonly unknown[])[]) =>
      lists.map(([name, tag, given, answers]) => [
        ...[name, tag, given],
        Array.isArray(answers) ? [...answers].sort() : answers,
      ]);
    expect(sorted(found)).toEqual(sorted(rows));
  });

  it('the OpenAPI document describes its parts in words, and says what a client must send', () => {
    const { components, tags, paths } = openApiDocument(
      configuration,
      [fixed],
      'https://example.org/',
      all,
    );
    const sentence = expect.stringMatching(/^[A-Z].+\.$/);
    const problem = { schema: { $ref: '#/components/schemas/exception' } };
    for (const response of Object.values(components.responses)) {
      expect(response).toEqual({
        ...{ description: sentence, content: { 'application/problem+json': problem } },
      });
    }
    for (const parameter of Object.values(components.parameters)) {
      const { in: place, description, required, schema }: Parameter = parameter;
      expect(description).toMatch(/^\w.+\w.*$/);
      expect(required).toBe(place === 'path');
      if (place === 'path') expect(schema).toEqual({ type: 'string' });
      const list = schema.type === 'array' ? { style: 'form', explode: false } : {};
      const { style, explode }: Parameter = parameter;
      expect({ style, explode }).toEqual({ style: undefined, explode: undefined, ...list });
    }
    const names = tags.map(({ name }) => name);
    for (const { description } of tags) expect(description).toMatch(/^[A-Z].+/);
    for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
      expect(names).toEqual(expect.arrayContaining([...operation.tags]));
      if (operation.requestBody) expect(operation.requestBody.required).toBe(true);
      for (const response of Object.values(operation.responses)) {
        const headers = 'headers' in response ? (response.headers ?? {}) : {};
        for (const header of Object.values(headers)) {
          expect(header).toEqual({ description: sentence, schema: { type: 'string' } });
        }
      }
    }
    const { responses = {} } = paths['/processes/fixed/execution']?.post ?? {};
    const headersOf = (status: string) => {
      const response = responses[status] ?? {};
      return Object.keys('headers' in response ? (response.headers ?? {}) : {});
    };
    expect(['200', '201', '204', '303'].map(headersOf)).toEqual([
      ...[['Link', 'Preference-Applied'], ['Location'], ['Link'], ['Location']],
    ]);
  });

  it('the OpenAPI document has the parameters of lists and pages with their bounds', () => {
    const { parameters } = document.components;
    const schemas = Object.fromEntries(
      Object.entries(parameters).map(([name, { schema }]) => [name, schema]),
    );
    const text = { type: 'string' };
    const list = (items: object) => ({ type: 'array', items });
    expect(schemas).toMatchObject({
      f: { ...text, enum: ['json', 'html'] },
      limit: { type: 'integer', minimum: 1, maximum: 1000, default: 10 },
      offset: { type: 'integer', minimum: 0, default: 0 },
      cursor: text,
      type: list({ ...text, enum: ['process'] }),
      processID: list(text),
      status: list({
        ...text,
        enum: ['accepted', 'running', 'successful', 'failed', 'dismissed'],
      }),
      datetime: text,
      minDuration: { type: 'integer', minimum: 0 },
      maxDuration: { type: 'integer', minimum: 0 },
      label: list(text),
      q: text,
      prefer: text,
      idempotencyKey: { ...text, minLength: 1, maxLength: 255 },
    });
  });

  it('the OpenAPI document has the inputs and outputs of a process as far as a request needs them', () => {
    const own = (process: ProcessDescription) => {
      const { paths } = openApiDocument(configuration, [process], 'https://example.org/', all);
      const path = paths[`/processes/${process.identifier}/execution`];
      const { schema } = path?.post?.requestBody?.content['application/json'] ?? {};
      return schema?.allOf?.[1];
    };
    const [input] = giveBack.inputs;
    expect(own(giveBack)).toEqual({
      type: 'object',
      required: ['inputs'],
      properties: {
        inputs: {
          ...{ type: 'object', required: ['document'] },
          properties: {
            document: {
              anyOf: [
                expect.objectContaining({ anyOf: expect.anything() }),
                { type: 'object', required: ['value'] },
                { $ref: '#/components/schemas/reference' },
              ],
            },
          },
        },
        outputs: {
          type: 'object',
          properties: { given: { $ref: '#/components/schemas/outputChoice' } },
        },
      },
    });
    if (!input) throw new Error('it has an input');
    const twice = own({ ...giveBack, inputs: [{ ...input, minOccurs: 0, maxOccurs: 2 }] });
    expect(twice).not.toHaveProperty('required');
    expect(twice?.properties?.['inputs']).not.toHaveProperty('required');
    const one = { anyOf: expect.any(Array) };
    expect(twice?.properties?.['inputs']?.properties?.['document']).toEqual({
      anyOf: [one, { type: 'array', items: one, maxItems: 2 }],
    });
  });

  it('a schema of a process has in the OpenAPI document what OpenAPI 3.0 lacks as extensions, however deep', () => {
    const text: JsonSchema = {
      type: 'string',
      ...{ contentMediaType: 'text/xml', contentEncoding: 'base64', contentSchema: 'urn:s' },
    };
    const extended = {
      ...{ type: 'string', 'x-content-media-type': 'text/xml', 'x-content-encoding': 'base64' },
      'x-content-schema': 'urn:s',
    };
    const deep = (each: object) => ({
      ...{ type: 'object', title: 'T', properties: { a: each }, items: each },
      ...{ allOf: [each], anyOf: [each], oneOf: [each], not: each },
    });
    expect(openApiSchema(deep(text) as JsonSchema)).toStrictEqual(deep(extended));
    expect(openApiSchema({ additionalProperties: text })).toStrictEqual({
      additionalProperties: extended,
    });
    expect(openApiSchema({ additionalProperties: false })).toStrictEqual({
      additionalProperties: false,
    });
    expect(openApiSchema({ type: 'string' })).toStrictEqual({ type: 'string' });
  });

  it('the OpenAPI document has callbacks only where the service sends them', () => {
    const callbacksOf = (callback: boolean) =>
      openApiDocument(configuration, [fixed], 'https://example.org/', { jobList: true, callback })
        .paths['/processes/fixed/execution']?.post?.callbacks;
    expect(callbacksOf(false)).toBeUndefined();
    const receives = (schema: string) => ({
      post: {
        summary: expect.stringMatching(/^The job .+\.$/),
        requestBody: {
          content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
        },
        responses: { '2XX': { description: expect.stringMatching(/^Received.*\.$/) } },
      },
    });
    expect(callbacksOf(true)).toEqual({
      successful: { '{$request.body#/subscriber/successUri}': receives('results') },
      inProgress: { '{$request.body#/subscriber/inProgressUri}': receives('statusInfo') },
      failed: { '{$request.body#/subscriber/failedUri}': receives('statusInfo') },
    });
  });

  it('the OpenAPI document describes every member of the documents that the service sends', async () => {
    const api = apiUnderTest({ configuration: { retentionDays: 31 } });
    const id = await api.runToEnd('every:Thing', { inputs: { text: ['a'] }, labels: ['a'] });
    const failed = await api.runToEnd('failing', { inputs: { exitCode: 65 } });
    const sent: [string, string][] = [
      ['landingPage', ''],
      ['confClasses', 'conformance'],
      ['processList', 'processes'],
      ['process', 'processes/every:Thing'],
      ['statusInfo', `jobs/${id}`],
      ['statusInfo', `jobs/${failed}`],
      ['jobList', 'jobs'],
      ['jobInputs', `jobs/${id}/inputs`],
      ['jobLog', `jobs/${id}/log`],
      ['exception', 'jobs?limit=0'],
      ['suggestions', 'processes/every:Thing/inputs/text/suggestions'],
    ];
    const { components }: { components: { schemas: Record<string, JsonSchema> } } = document;
    for (const [name, path] of sent) {
      const answer = (await api.read(path)).json();
      const schema = { $ref: `#/components/schemas/${name}` };
      expect(fitsSchema({ ...schema, components }, answer), name).toBe(true);
      expect(undescribed(answer, schema, components.schemas), name).toEqual([]);
    }
  });
});

/** Paths of the members that a schema says nothing of. */
function undescribed(
  value: unknown,
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
): string[] {
  const known = partsOf(schema, schemas);
  if (Array.isArray(value)) {
    const items = known.flatMap((part) => part.items ?? []);
    return value.flatMap((item) => items.flatMap((each) => undescribed(item, each, schemas)));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const described = known.flatMap((part) => part.properties?.[name] ?? []);
    const others = known.flatMap((part) => part.additionalProperties ?? []);
    const [found = others[0]] = described;
    if (found === undefined) return known.some((part) => part.properties) ? [name] : [];
    if (typeof found === 'boolean') return [];
    return undescribed(member, found, schemas).map((below) => `${name}/${below}`);
  });
}

function partsOf(
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
): readonly JsonSchema[] {
  const name = schema.$ref?.split('/').at(-1);
  const referred = name === undefined ? [] : [schemas[name] ?? {}];
  return [
    schema,
    ...[...referred, ...(schema.allOf ?? [])].flatMap((part) => partsOf(part, schemas)),
  ];
}
