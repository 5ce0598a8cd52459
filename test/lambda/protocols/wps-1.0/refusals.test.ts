import { describe, expect, it } from 'vitest';
import { requestLog } from '../../../../lambda/jobs/request-log.ts';
import { decodeKvp } from '../../../../lambda/protocols/wps-1.0/decode-kvp.ts';
import { decodeXml } from '../../../../lambda/protocols/wps-1.0/decode-xml.ts';
import { jobStatus } from '../../../../lambda/protocols/wps-1.0/handlers.ts';
import { executeXml, rawDataOutput, requestXml } from '../../../execute-xml.ts';
import { exceptionOf } from '../../../only-ows-exceptions.ts';
import { serviceUnderTest } from '../../../service-under-test.ts';

const wps = 'http://www.opengis.net/wps/1.0.0';
const longName = 'x'.repeat(200);
const started = 'service=WPS&version=1.0.0&request=Execute&identifier=p&';

describe('a refusal of a request by KVP', () => {
  it.each([
    [
      'another service',
      'service=WFS&request=GetCapabilities',
      'InvalidParameterValue',
      'service',
      'Parameter "service" is "WFS"; allowed: WPS.',
    ],
    [
      'another operation',
      'service=WPS&version=1.0.0&request=GetStatus',
      'OperationNotSupported',
      'GetStatus',
      'Operation "GetStatus" is not offered; allowed: GetCapabilities, DescribeProcess, Execute.',
    ],
    [
      'another version',
      'service=WPS&version=0.4.0&request=Execute&identifier=p',
      'InvalidParameterValue',
      'version',
      'Parameter "version" is "0.4.0"; allowed: 1.0.0.',
    ],
    [
      'raw data with a response document',
      `${started}RawDataOutput=o&ResponseDocument=o`,
      'InvalidParameterValue',
      'ResponseDocument',
      'Parameter "ResponseDocument" is given together with "RawDataOutput"; it belongs to a response document.',
    ],
    [
      'raw data with a status',
      `${started}RawDataOutput=o&storeExecuteResponse=false&status=true`,
      'InvalidParameterValue',
      'status',
      'Parameter "status" is given together with "RawDataOutput"; it belongs to a response document.',
    ],
    [
      'raw data with lineage',
      `${started}RawDataOutput=o&lineage=true`,
      'InvalidParameterValue',
      'lineage',
      'Parameter "lineage" is given together with "RawDataOutput"; it belongs to a response document.',
    ],
    [
      'stored raw data',
      `${started}RawDataOutput=o&storeExecuteResponse=true&lineage=true`,
      'InvalidParameterValue',
      'storeExecuteResponse',
      'Parameter "storeExecuteResponse" is given together with "RawDataOutput"; it belongs to a response document.',
    ],
    [
      'two raw outputs',
      `${started}RawDataOutput=o;p`,
      'InvalidParameterValue',
      'RawDataOutput',
      'Parameter "RawDataOutput" names 2 outputs; allowed: one.',
    ],
    [
      'no raw output',
      `${started}RawDataOutput=;`,
      'InvalidParameterValue',
      'RawDataOutput',
      'Parameter "RawDataOutput" names 0 outputs; allowed: one.',
    ],
    [
      'inputs that are no text',
      `${started}DataInputs=a=%ff`,
      'InvalidParameterValue',
      'DataInputs',
      'Parameter "DataInputs" holds a value that is no text; allowed: percent-encoded UTF-8 without control characters.',
    ],
    [
      'outputs that are no text',
      `${started}ResponseDocument=%00`,
      'InvalidParameterValue',
      'ResponseDocument',
      'Parameter "ResponseDocument" holds a value that is no text; allowed: percent-encoded UTF-8 without control characters.',
    ],
    [
      'an input without a value',
      `${started}DataInputs=${longName}`,
      'InvalidParameterValue',
      'DataInputs',
      `Parameter "DataInputs" holds "${longName.slice(0, 100)}"; allowed: name=value, with attributes after it, as in depth=10@uom=m.`,
    ],
    [
      'an output with a value',
      `${started}ResponseDocument=o=1`,
      'InvalidParameterValue',
      'ResponseDocument',
      'Parameter "ResponseDocument" holds "o=1"; allowed: names of outputs with attributes, as in result@mimeType=text/csv.',
    ],
    [
      'an output without a name',
      `${started}RawDataOutput=@uom=m`,
      'InvalidParameterValue',
      'RawDataOutput',
      'Parameter "RawDataOutput" holds ""; allowed: names of outputs with attributes, as in result@mimeType=text/csv.',
    ],
    [
      'an output that is perhaps a reference',
      `${started}ResponseDocument=o@asReference=maybe`,
      'InvalidParameterValue',
      'o',
      'Attribute "asReference" of output "o" is "maybe"; allowed: true, false.',
    ],
    [
      'a reference by POST',
      `${started}DataInputs=a=@href=http%3A%2F%2Fx%2F@method=post`,
      'InvalidParameterValue',
      'a',
      'Attribute "method" of input "a" is "post"; allowed: GET.',
    ],
    [
      'a flag that is neither',
      `${started}storeExecuteResponse=yes`,
      'InvalidParameterValue',
      'storeExecuteResponse',
      'Parameter "storeExecuteResponse" is "yes"; allowed: true, false.',
    ],
  ])(
    'a refusal of a request by KVP says what was found and what is allowed: %s',
    (_, query, code, locator, message) => {
      expect(exceptionOf(() => decodeKvp(query))).toMatchObject({ code, locator, message });
    },
  );

  it.each([
    ...['service', 'request', 'version', 'language', 'AcceptVersions', 'Identifier', 'DataInputs'],
    ...['ResponseDocument', 'RawDataOutput', 'storeExecuteResponse', 'status', 'lineage'],
  ])('a refusal of a request by KVP names parameter %s if it is given twice', (name) => {
    const query = `${name}=a&${name.toLowerCase()}=b`;
    expect(exceptionOf(() => decodeKvp(query))).toMatchObject({
      ...{ code: 'InvalidParameterValue', locator: name },
    });
  });
});

describe('a refusal of a request by XML', () => {
  const decode = (body: string, maxBytes = 10_000) =>
    exceptionOf(() => decodeXml(Buffer.from(body), { maxBytes }));

  it.each([
    [
      'no body',
      '',
      {
        ...{ code: 'MissingParameterValue', locator: 'request', httpStatus: 400 },
        message: 'The request has no body.',
      },
    ],
    [
      'another namespace',
      '<Execute xmlns="urn:x"/>',
      {
        ...{ code: 'InvalidParameterValue', locator: 'request' },
        message: `The document element is "Execute" of namespace "urn:x"; allowed: GetCapabilities, DescribeProcess, Execute of namespace "${wps}".`,
      },
    ],
    [
      'another operation',
      `<GetStatus xmlns="${wps}"/>`,
      {
        ...{ code: 'OperationNotSupported', locator: 'GetStatus', httpStatus: 501 },
        message:
          'Operation "GetStatus" is not offered; allowed: GetCapabilities, DescribeProcess, Execute.',
      },
    ],
  ])(
    'a refusal of a request by XML says what was found and what is allowed: %s',
    (_, body, expected) => {
      expect(decode(body)).toMatchObject(expected);
    },
  );

  it('a refusal of a request by XML says how large it may be', () => {
    const body = requestXml('GetCapabilities');
    expect(decodeXml(Buffer.from(body), { maxBytes: body.length })).toMatchObject({
      operation: 'GetCapabilities',
    });
    expect(decode(body, body.length - 1)).toMatchObject({
      ...{ code: 'FileSizeExceeded', httpStatus: 413 },
      message: `The request is larger than ${body.length - 1} bytes.`,
    });
  });
});

describe('a refusal of WPS 1.0.0', () => {
  const kvp = { service: 'WPS', version: '1.0.0' };
  const execute = { ...kvp, request: 'Execute', Identifier: 'fixed' };
  const status = { path: '/TEST/wps/jobStatus' };
  const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';

  it('a refusal of WPS 1.0.0 says that a status needs a stored response', async () => {
    const answer = await serviceUnderTest().get({ ...execute, status: 'true' });
    expect(answer.status).toBe(400);
    expect(answer.exception()).toEqual({
      ...{ code: 'InvalidParameterValue', locator: 'status' },
      text: 'status is "true" while storeExecuteResponse is "false"; allowed: status="true" together with storeExecuteResponse="true".',
    });
  });

  it('a refusal of WPS 1.0.0 names the versions that were asked for, and the one to ask for', async () => {
    const answer = await serviceUnderTest().get({
      ...{ service: 'WPS', request: 'GetCapabilities', AcceptVersions: '3.0.0,0.4.0' },
    });
    expect(answer.status).toBe(400);
    expect(answer.exception()).toEqual({
      code: 'VersionNegotiationFailed',
      text: 'Versions 3.0.0, 0.4.0 are not offered; allowed: 1.0.0.',
    });
  });

  it('a refusal of WPS 1.0.0 to run a process by HEAD names the methods that do', async () => {
    const service = serviceUnderTest();
    const query = new URLSearchParams(execute).toString();
    const answer = await service.send({ method: 'HEAD', query });
    expect(answer.status).toBe(405);
    expect(answer.headers).toMatchObject({ allow: 'GET, POST' });
    const described = new URLSearchParams({ ...execute, request: 'DescribeProcess' }).toString();
    expect((await service.send({ method: 'HEAD', query: described })).status).toBe(200);
    expect(service.log.join('\n')).not.toContain('job accepted');
  });

  it('a refusal of WPS 1.0.0 to wait longer says where to follow the job, which continues', async () => {
    const service = serviceUnderTest({ mintJobId: () => id });
    service.engine.isHeld = true;
    for (const body of [executeXml('fixed'), executeXml('fixed', [], rawDataOutput('number'))]) {
      const answer = await service.post(body);
      expect(answer.status).toBe(400);
      expect(answer.exception()).toEqual({
        code: 'NoApplicableCode',
        text: `The job takes longer than a request can wait, and goes on. Ask with storeExecuteResponse="true" and status="true" to be answered at once. Its status and outputs: https://example.org/TEST/wps/jobStatus?jobId=${id}&format=XML`,
      });
      await service.store.expire(id);
    }
  });

  it('a refusal of WPS 1.0.0 names the formats of a status', async () => {
    const answer = await serviceUnderTest().send({ ...status, query: `jobId=${id}&format=PDF` });
    expect(answer.status).toBe(400);
    expect(answer.exception()).toEqual({
      ...{ code: 'InvalidParameterValue', locator: 'format' },
      text: 'Parameter "format" is "PDF"; allowed: XML, JSON, HTML.',
    });
  });

  it.each(['GET', 'DELETE'] as const)(
    'a refusal of WPS 1.0.0 asks for the id of the job by %s',
    async (method) => {
      for (const query of ['', 'jobId=', 'id=1']) {
        const answer = await serviceUnderTest().send({ ...status, method, query });
        expect(answer.status).toBe(400);
        expect(answer.exception()).toEqual({
          ...{ code: 'MissingParameterValue', locator: 'jobId' },
          text: 'Parameter "jobId" is missing.',
        });
      }
    },
  );

  it.each([
    ['of an unknown job', id, 'number.txt'],
    ['that a job does not have', 'of a job', 'other.txt'],
    ['of a job that has not ended', 'of a held job', 'number.txt'],
  ])(
    'a refusal of WPS 1.0.0 of an output %s says only that it is not there',
    async (_, job, name) => {
      const service = serviceUnderTest({ mintJobId: () => id });
      service.engine.isHeld = job === 'of a held job';
      if (job !== id) {
        await service.get({ ...execute, storeExecuteResponse: 'true' });
        await service.engine.idle();
      }
      const answer = await service.send({ path: `/TEST/wps/outputs/${id}/${name}` });
      expect(answer.status).toBe(404);
      expect(answer.exception()).toEqual({
        ...{ code: 'InvalidParameterValue', locator: 'outputs' },
        text: 'There is no such output.',
      });
    },
  );

  it('a refusal of WPS 1.0.0 of an output that is no longer kept says so', async () => {
    const service = serviceUnderTest();
    await service.store.expire(id);
    const answer = await service.send({ path: `/TEST/wps/outputs/${id}/number.txt` });
    expect(answer.status).toBe(410);
    expect(answer.exception()).toMatchObject({ locator: 'jobId' });
  });
});

describe('a status of WPS 1.0.0', () => {
  it.each([
    ['jobId=a&format=json', 'JSON'],
    ['JOBID=a&FORMAT=Html', 'HTML'],
  ])(
    'a status of WPS 1.0.0 is written by another protocol where its format is asked for: %s',
    async (query, format) => {
      const answered: string[] = [];
      const other = (name: string) => async () => {
        answered.push(name);
        return { status: 200, headers: {}, body: '' };
      };
      const { dependencies } = serviceUnderTest();
      await jobStatus({ JSON: other('JSON'), HTML: other('HTML') })(
        { method: 'GET', path: '', query, headers: {}, body: new Uint8Array() },
        {},
        { ...dependencies, log: requestLog(dependencies.log), recognise: () => undefined },
      );
      expect(answered).toEqual([format]);
    },
  );
});
