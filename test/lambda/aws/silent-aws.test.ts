import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { restEvent, type Sent, throughGateway } from '../../aws/gateway-events.ts';
import { faultsOf } from '../../official-schemas.ts';
import { select } from '../../xml.ts';

/** The calls that are never answered. */
type Silence = (call: string) => boolean;

const configuration = `STATUS_LOCATION=https://wps.example.org/wps/
JOB_QUEUE_NAME=queue
JOB_DEFINITION_ECHO=echo
AWS_REGION=ap-southeast-2
OUTPUT_S3_BUCKET=outputs`;

/** The real handler and the real SDK, with a stand-in of S3 and Batch that stops answering. */
describe('the function before an AWS that does not answer', () => {
  const objects = new Map<string, string>();
  let calls: string[] = [];
  /** Calls that the caller has aborted. */
  let brokenOff: string[] = [];
  let isSilent: Silence = () => false;
  const server = createServer((incoming, outgoing) => {
    const path = decodeURIComponent(new URL(incoming.url ?? '/', 'http://aws').pathname);
    const call = `${incoming.method} ${path}`;
    calls.push(call);
    if (isSilent(call)) {
      outgoing.on('close', () => brokenOff.push(call));
      return;
    }
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (path.startsWith('/v1/')) {
        outgoing.setHeader('content-type', 'application/json');
        outgoing.end(JSON.stringify(path === '/v1/submitjob' ? { jobId: 'b-1' } : {}));
        return;
      }
      if (incoming.url?.includes('list-type=2')) {
        outgoing.end('<ListBucketResult/>');
        return;
      }
      if (incoming.method === 'PUT') objects.set(path, Buffer.concat(chunks).toString());
      const found = objects.get(path);
      if (found === undefined) {
        outgoing.writeHead(404, { 'content-type': 'application/xml' });
        outgoing.end('<Error><Code>NoSuchKey</Code><Message>none</Message></Error>');
        return;
      }
      outgoing.setHeader('etag', `"${found.length}"`);
      outgoing.end(incoming.method === 'GET' ? found : undefined);
    });
  });
  /** Less than the SDK's retries take, and enough for the calls that are answered on a busy machine. */
  let enough = 29_000;
  let handler: typeof import('../../../lambda/handler.ts')['handler'];
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_REGION: 'ap-southeast-2',
      CONFIGURATION_S3_BUCKET: 'configuration',
      CONFIG_FILENAME: 'wps.properties',
      // The last request goes on reading after its answer, and logs when the server has gone.
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    })) {
      vi.stubEnv(name, value);
    }
    ({ handler } = await import('../../../lambda/handler.ts'));
    // Loads modules first, so that the tests do not wait for them.
    objects.set('/configuration/DEV/wps.properties', configuration);
    const warm = () => call({ method: 'GET', path: '/wps', query: asynchronous });
    await warm();
    const begun = performance.now();
    await warm();
    enough = Math.min(6_000, 3_000 + 10 * (performance.now() - begun));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    objects.clear();
    objects.set('/configuration/DEV/wps.properties', configuration);
    calls = [];
    brokenOff = [];
    isSilent = () => false;
  });
  // Closes the calls that were never answered.
  afterEach(() => server.closeAllConnections());

  /** Calls the function with the remaining time that Lambda reports. */
  const call = (sent: Sent, { alias = 'DEV', remainingMilliseconds = enough } = {}) =>
    throughGateway(handler, restEvent(sent), {
      invokedFunctionArn: `arn:aws:lambda:ap-southeast-2:1:function:wps:${alias}`,
      awsRequestId: 'r',
      getRemainingTimeInMillis: () => remainingMilliseconds,
    });
  const synchronous = {
    service: 'WPS',
    version: '1.0.0',
    request: 'Execute',
    identifier: 'echo',
    DataInputs: 'message=hello',
  };
  const asynchronous = { ...synchronous, storeExecuteResponse: 'true', status: 'true' };
  const execute = (query: Record<string, string>) => call({ method: 'GET', path: '/wps', query });
  const record = () => {
    const [, text] = [...objects].find(([key]) => key.endsWith('/job.json')) ?? [];
    return text === undefined ? undefined : JSON.parse(text);
  };
  const report = (body: string) => {
    expect(faultsOf(body)).toEqual([]);
    return select(body, '/ows:ExceptionReport/ows:Exception/ows:ExceptionText')[0];
  };

  it.each(['null', '7', '"event"', '[]', '{}', '{"requestContext":7}'])(
    "while AWS is silent, an event that is not a gateway's is answered: %s",
    async (event) => {
      const { statusCode, body } = await handler(JSON.parse(event), {
        invokedFunctionArn: 'arn:aws:lambda:ap-southeast-2:1:function:wps:DEV',
        awsRequestId: 'r',
        getRemainingTimeInMillis: () => 2_200,
      });
      expect(statusCode).toBe(500);
      expect(report(body)).toBeDefined();
    },
  );

  it('while Batch is silent, Execute is answered and ends the job that Batch does not accept', async () => {
    isSilent = (call) => call.includes('/v1/');
    const { statusCode, body } = await execute(asynchronous);
    expect(statusCode).toBe(500);
    expect(report(body)).toContain('could not be submitted');
    expect(record()).toMatchObject({ status: 'failed' });
    // The call is aborted, so that no retry can submit the job later.
    const tries = calls.filter((call) => call === 'POST /v1/submitjob');
    expect(tries).not.toEqual([]);
    await expect.poll(() => brokenOff).toEqual(tries);
  });

  it('while S3 is silent, Execute is answered and submits nothing', async () => {
    isSilent = (call) => /^PUT .*job\.json$/.test(call);
    const { statusCode, body } = await execute(asynchronous);
    expect(statusCode).toBe(504);
    expect(report(body)).toContain('could not answer in time');
    expect(calls.filter((call) => call.includes('/v1/'))).toEqual([]);
  });

  it('a job that Batch accepted is reported even if S3 does not accept the note of it', async () => {
    let puts = 0;
    isSilent = (call) => /^PUT .*job\.json$/.test(call) && ++puts > 1;
    const { statusCode, body } = await execute(asynchronous);
    expect(statusCode).toBe(200);
    expect(faultsOf(body)).toEqual([]);
    expect(select(body, '//wps:ProcessAccepted')).toHaveLength(1);
  });

  it("a client that waits gets its job's address before the gateway gives up", async () => {
    const { statusCode, body } = await execute(synchronous);
    expect(statusCode).toBe(400);
    expect(report(body)).toContain('jobStatus?jobId=');
    expect(record()).toMatchObject({ status: 'accepted', engineJobId: 'b-1' });
  });

  it('while Batch is silent about an overdue job, the record is answered', async () => {
    await execute(asynchronous);
    const { id } = record();
    const key = [...objects.keys()].find((found) => found.endsWith('/job.json')) as string;
    const updatedAt = '2026-01-01T00:00:00.000Z';
    objects.set(key, JSON.stringify({ ...record(), updatedAt }));
    isSilent = (call) => call.includes('/v1/');
    const { statusCode, body } = await call({
      method: 'GET',
      path: '/wps/jobStatus',
      query: { jobId: id },
    });
    expect(statusCode).toBe(200);
    expect(select(body, '//wps:ProcessAccepted')).toHaveLength(1);
  });

  it('a request whose configuration does not arrive is answered', async () => {
    isSilent = () => true;
    const { statusCode, body } = await call(
      { method: 'GET', path: '/wps', query: { service: 'WPS' } },
      { alias: 'PROD', remainingMilliseconds: 1_200 },
    );
    expect(statusCode).toBe(504);
    expect(report(body)).toContain('could not answer in time');
  });
});
