import { describe, expect, it } from 'vitest';
import type { Job } from '../../batch-jobs/api/job.ts';
import {
  DamagedRecord,
  readJobInputs,
  readJobRecord,
  writeJobRecord,
} from '../../batch-jobs/api/job-record.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { encodeExecuteResponse } from '../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { faultsOf } from '../official-schemas.ts';
import { sampleJob } from '../sample-job.ts';
import { select } from '../xml.ts';

/** The `job.json` that version 1 wrote for a failed job. */
const failedOfVersion1 = `{"id":"3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11","process":{"identifier":"echo",
"version":"1.0.0","title":"Echo"},"status":"failed","message":"Input \\"message\\" is empty.",
"percentCompleted":10,"endpoint":"https://wps.example.org/dev/wps/","language":"en-US","stored":true,
"statusUpdates":false,"lineage":false,"raw":false,"inputs":[],"requestedOutputs":[{"identifier":"result",
"title":"Result","transmission":"value","kind":"complex","mimeType":"text/plain","extension":".txt"}],
"queue":"small","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:09.000Z",
"outputs":[],"engineJobId":"b-1","submittedAt":"2026-01-01T00:00:01.000Z","claim":"b-1","attempt":1,
"startedAt":"2026-01-01T00:00:05.000Z","endedAt":"2026-01-01T00:00:09.000Z","failure":{
"code":"InvalidParameterValue","text":"Input \\"message\\" is empty.","locator":"message"}}`;

/** The `job.json` that version 1 wrote for a job with lineage and values of every kind. */
const succeededOfVersion1 = `{"id":"4f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11","process":{"identifier":"every:Thing",
"version":"1.2.3","title":"Every thing"},"status":"succeeded","message":"The outputs are ready.",
"percentCompleted":100,"endpoint":"https://wps.example.org/dev/wps/","language":"en-US","stored":true,
"statusUpdates":true,"lineage":true,"raw":false,"inputs":[],"requestedOutputs":[
{"identifier":"text","title":"Text","transmission":"value","kind":"complex","mimeType":"text/plain","extension":".txt"},
{"identifier":"xml","title":"XML","transmission":"value","kind":"complex","mimeType":"text/xml","extension":".xml"},
{"identifier":"grid","title":"Grid","transmission":"value","kind":"complex","mimeType":"application/x-netcdf","encoding":"base64","extension":".nc"},
{"identifier":"far","title":"Far","transmission":"reference","kind":"complex","mimeType":"text/plain","extension":".txt"}],
"queue":"small","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:09.000Z",
"attempt":1,"outputs":[
{"identifier":"text","name":"text.txt","contentType":"text/plain","attempt":1,"size":5,"sha256":"ab","filename":"text.txt","inline":{"text":"a < b"}},
{"identifier":"xml","name":"xml.xml","contentType":"text/xml","attempt":1,"size":5,"sha256":"ab","filename":"xml.xml","inline":{"xml":"<a><b>1</b></a>"}},
{"identifier":"grid","name":"grid.nc","contentType":"application/x-netcdf","attempt":1,"size":2,"sha256":"ab","filename":"grid.nc","inline":{"base64":"Af8="}},
{"identifier":"far","name":"far.txt","contentType":"text/plain","attempt":1,"size":5,"sha256":"ab","filename":"far.txt"}]}`;

/** Its `inputs.json`. */
const inputsOfVersion1 = `[
{"identifier":"text","given":true,"value":{"kind":"literal","value":"hello","dataType":"string"}},
{"identifier":"document","given":true,"value":{"kind":"complex","mimeType":"text/xml","source":{"xml":"<in/>"}}},
{"identifier":"document","given":true,"value":{"kind":"complex","mimeType":"text/plain","source":{"text":"in"}}},
{"identifier":"document","given":true,"value":{"kind":"complex","mimeType":"text/plain","source":{"href":"https://data.example.org/","method":"POST","headers":[],"body":{"xml":"<q/>"}}}},
{"identifier":"document","given":true,"value":{"kind":"complex","mimeType":"text/plain","source":{"href":"https://data.example.org/","method":"POST","headers":[],"body":{"text":"q"}}}},
{"identifier":"length","given":false,"value":{"kind":"literal","value":"10","dataType":"double","uom":"m"}}]`;

describe('a job record of version 1', () => {
  it('a record of version 1 is read as a job that came over WPS 1.0.0', () => {
    expect(readJobRecord(failedOfVersion1)).toMatchObject({
      baseUrl: 'https://wps.example.org/dev/',
      presentation: {
        protocol: 'wps-1.0',
        store: true,
        status: false,
        lineage: false,
        raw: false,
      },
      failure: { kind: 'invalid-value', text: 'Input "message" is empty.', subject: 'message' },
    });
  });

  it.each([
    ['NoApplicableCode', 'internal'],
    ['InvalidParameterValue', 'invalid-value'],
    ['NotEnoughStorage', 'storage-full'],
    ['FileSizeExceeded', 'too-large'],
  ])('a failure called %s in a record of version 1 is now called %s', (code, kind) => {
    const record = failedOfVersion1.replace('InvalidParameterValue', code);
    expect(readJobRecord(record).failure?.kind).toBe(kind);
  });

  it('a record of version 1 gives the same document as before, with its inputs and every kind of value', async () => {
    const job = readJobRecord(succeededOfVersion1);
    const xml = await encodeExecuteResponse(job, async () => readJobInputs(inputsOfVersion1));
    expect(faultsOf(xml)).toEqual([]);
    const data = (name: string) => `//wps:ProcessOutputs/wps:Output[ows:Identifier="${name}"]`;
    expect(select(xml, '//@statusLocation')).toEqual([
      `https://wps.example.org/dev/wps/jobStatus?jobId=${job.id}&format=XML`,
    ]);
    expect(select(xml, `${data('text')}//wps:ComplexData`)).toEqual(['a < b']);
    expect(select(xml, `${data('xml')}//wps:ComplexData/a/b`)).toEqual(['1']);
    expect(select(xml, `${data('grid')}//wps:ComplexData`)).toEqual(['Af8=']);
    expect(select(xml, `${data('far')}/wps:Reference/@href`)).toEqual([
      `https://wps.example.org/dev/wps/outputs/${job.id}/far.txt`,
    ]);
    expect(select(xml, '//wps:DataInputs/wps:Input/ows:Identifier')).toEqual([
      'text',
      ...Array(4).fill('document'),
    ]);
    expect(select(xml, '//wps:Input//wps:ComplexData/in')).toHaveLength(1);
    expect(select(xml, '//wps:Body').map((body) => body.trim())).toEqual(['', 'q']);
    expect(select(xml, '//wps:Body/q')).toHaveLength(1);
  });

  it('changing a record of version 1 keeps the fields that an earlier runner reads', async () => {
    const objects = new MemoryObjectStore();
    const { failure: _, ...ended } = JSON.parse(failedOfVersion1);
    const running = { ...ended, status: 'running' };
    const { id } = running;
    await objects.put(`jobs/${id}/job.json`, JSON.stringify(running), {
      contentType: 'application/json',
    });
    const store = new JobStore(objects);
    await store.update(id, () => ({ message: 'halfway' }));
    const stored = JSON.parse(
      new TextDecoder().decode((await objects.get(`jobs/${id}/job.json`))?.body),
    );
    expect(stored).toMatchObject({ ...running, message: 'halfway', updatedAt: expect.anything() });
    // The earlier runner adds its failure and preserves the fields that it does not know.
    const failure = { code: 'NotEnoughStorage', text: 'full' };
    const failed = readJobRecord(JSON.stringify({ ...stored, status: 'failed', failure }));
    expect(failed).toMatchObject({
      baseUrl: 'https://wps.example.org/dev/',
      failure: { kind: 'storage-full', text: 'full' },
    });
  });
});

describe('a job record', () => {
  const job: Job = sampleJob({
    status: 'failed',
    failure: { kind: 'too-large', text: 'too large', subject: 'document' },
    owner: 'somebody',
    labels: ['a'],
    warnings: ['two files were skipped'],
    subscriber: { successUri: 'https://example.org/' },
  });

  it('a record is read as it was written', () => {
    expect(readJobRecord(writeJobRecord(job))).toEqual(job);
  });

  it('a record with an expiry, which earlier releases stored, is read', () => {
    const earlier = JSON.stringify({ ...job, expiresAt: '2026-02-01T00:00:00.000Z', version: 2 });
    expect(readJobRecord(earlier)).toMatchObject(job);
  });

  it.each([
    ['cut off', '{"id":'],
    ['null', 'null'],
    ['a text', '"job"'],
    ['without an id', { id: undefined }],
    ['without a process', { process: undefined }],
    ['without a status', { status: undefined }],
    ['of a status that no job has', { status: 'lost' }],
    ['without outputs', { outputs: undefined }],
    ['with outputs that are no list', { outputs: {} }],
  ])('a record that is %s counts as damaged', (_, damage) => {
    const text = typeof damage === 'string' ? damage : JSON.stringify({ ...job, ...damage });
    expect(() => readJobRecord(text)).toThrow(DamagedRecord);
  });

  it.each([
    ['cut off', '[{'],
    ['no list', '{}'],
    ['a list with null', '[null]'],
    ['a list with a text', '["a"]'],
    ['without an identifier', '[{"value":{"kind":"literal"}}]'],
    ['without a value', '[{"identifier":"a"}]'],
    ['with null as a value', '[{"identifier":"a","value":null}]'],
    ['with a text as a value', '[{"identifier":"a","value":"b"}]'],
    ['without a kind', '[{"identifier":"a","value":{}}]'],
    ['without the source of a complex value', '[{"identifier":"a","value":{"kind":"complex"}}]'],
    [
      'with a text as the source of a complex value',
      '[{"identifier":"a","value":{"kind":"complex","source":"b"}}]',
    ],
    [
      'with null as the source of a complex value',
      '[{"identifier":"a","value":{"kind":"complex","source":null}}]',
    ],
  ])('inputs that are %s count as damaged', (_, text) => {
    expect(() => readJobInputs(text)).toThrow(DamagedRecord);
  });

  it.each([
    [
      { text: '<q/>', mimeType: 'application/xml' },
      { text: '<q/>', mimeType: 'application/xml' },
    ],
    [{ xml: '<q/>' }, { text: '<q/>', mimeType: 'text/xml' }],
    [{ text: 'q' }, { text: 'q', mimeType: 'text/plain' }],
    [undefined, undefined],
  ])('the body %j of a stored reference is read as %j', (stored, body) => {
    const reference = { href: 'https://data.example.org/', method: 'POST', headers: [] };
    const read = (source: object) =>
      readJobInputs(
        JSON.stringify([{ identifier: 'a', given: true, value: { kind: 'complex', source } }]),
      )[0]?.value;
    expect(read({ ...reference, body: stored })).toStrictEqual({
      kind: 'complex',
      source: { ...reference, ...(body ? { body } : {}) },
    });
  });

  it('a record without the fields of its version is read as one of WPS 1.0.0 that asked for nothing', () => {
    const { baseUrl: _, presentation: __, ...rest } = job;
    expect(readJobRecord(JSON.stringify(rest))).toMatchObject({
      baseUrl: '',
      presentation: {
        protocol: 'wps-1.0',
        store: false,
        status: false,
        lineage: false,
        raw: false,
      },
    });
  });

  it('a record of a later version is refused, not misread', () => {
    const later = JSON.stringify({ ...job, version: 3 });
    expect(() => readJobRecord(later)).toThrow('version 3; this release reads versions 1 to 2');
  });
});
