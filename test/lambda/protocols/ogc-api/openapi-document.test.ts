import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../../batch-jobs/catalogue.ts';
import { openApiDocument } from '../../../../lambda/protocols/ogc-api/openapi/openapi-document.ts';
import { fitsSchema } from '../../../ogc-api-schemas.ts';
import { testCatalogue } from '../../../test-catalogue.ts';

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
});
