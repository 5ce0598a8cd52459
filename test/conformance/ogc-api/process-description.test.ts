import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, type Document } from './api-under-test.ts';

requirement(
  {
    id: 'process-description',
    clause: 'OGC 18-062r2, 7.10 and 9',
    title: 'A process is described with the JSON schemas of its inputs and outputs',
    status: 'done',
  },
  () => {
    const { read } = apiUnderTest();
    const json = { accept: 'application/json' };
    const echo = async (): Promise<Document> => (await read('processes/echo-inputs', json)).json();

    it('testProcess: a process is found by its identifier', async () => {
      expect((await read('processes/echo-inputs', json)).status).toBe(200);
    });

    it('testProcessSuccess and testOGCProcessDescriptionJSON: each process description is valid', async () => {
      for (const { id } of (await read('processes')).json().processes) {
        const document = (await read(`processes/${id}`, json)).json();
        expect(apiFaultsOf('process', document), id).toEqual([]);
      }
    });

    it('testProcessExceptionNoSuchProcess: an unknown process identifier is answered 404, with its type', async () => {
      const answer = await read('processes/invalid-process', json);
      expect(answer.status).toBe(404);
      expect(answer.json().type).toBe(
        'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process',
      );
    });

    it('testOGCProcessDescriptionInputsDef: a process description has inputs', async () => {
      expect(Object.keys((await echo()).inputs).length).toBeGreaterThan(0);
    });

    it('testOGCProcessDescriptionInputDef: each input of a description has a schema', async () => {
      for (const { schema } of Object.values<Document>((await echo()).inputs)) {
        expect(apiFaultsOf('schema', schema)).toEqual([]);
      }
    });

    it('testOGCProcessDescriptionInputDefinitionOfMixedType: an input of several types lists alternatives', async () => {
      const inputs = Object.values<Document>((await echo()).inputs);
      expect(inputs.filter(({ schema }) => schema.oneOf)).not.toEqual([]);
    });

    it('testOGCProcessDescriptionOutputsDef: a process description has outputs', async () => {
      expect(Object.keys((await echo()).outputs).length).toBeGreaterThan(0);
    });

    it('testOGCProcessDescriptionOutputDef: each output of a description has a schema', async () => {
      for (const { schema } of Object.values<Document>((await echo()).outputs)) {
        expect(apiFaultsOf('schema', schema)).toEqual([]);
      }
    });

    it('testOGCProcessDescriptionOutputDefinitionOfMixedType: an output of several types lists alternatives', async () => {
      const outputs = Object.values<Document>((await echo()).outputs);
      expect(outputs.filter(({ schema }) => schema.oneOf)).not.toEqual([]);
    });

    it('a process is one resource, whether the colon in its identifier is encoded or not', async () => {
      const [plain, encoded] = await Promise.all([
        read('https://example.org/TEST/processes/every:Thing'),
        read('https://example.org/TEST/processes/every%3AThing'),
      ]);
      expect(plain.status).toBe(200);
      expect(encoded.text).toBe(plain.text);
      expect(plain.json().links[0].href).toBe('https://example.org/TEST/processes/every:Thing');
    });

    it('the schema of a repeatable input describes one occurrence', async () => {
      const { inputs } = (await read('processes/every:Thing')).json();
      expect(inputs.text).toMatchObject({ minOccurs: 0, maxOccurs: 2, schema: { type: 'string' } });
    });
  },
);
