import { describe, expect, it } from 'vitest';
import { executeXml, literal } from '../execute-xml.ts';
import { serviceUnderTest } from '../service-under-test.ts';

const jobId = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
const execute = 'service=WPS&version=1.0.0&request=Execute&identifier=fixed';
const stored = '&storeExecuteResponse=true&status=true';

describe('the lines of a request', () => {
  const start = () => {
    const service = serviceUnderTest({ mintJobId: () => jobId });
    service.engine.isHeld = true;
    /** Log lines of the function. The runner in this process has its own log. */
    const lines = (): Record<string, unknown>[] => service.log.map((line) => JSON.parse(line));
    return { ...service, lines };
  };
  const untagged = (lines: Record<string, unknown>[]) =>
    lines.filter((line) => line['jobId'] !== jobId).map(({ message }) => message);

  it('all log lines of a request name the job that it created', async () => {
    const { get, lines } = start();
    await get(execute + stored);
    expect(lines().map(({ message }) => message)).toEqual(['job accepted', 'request answered']);
    expect(untagged(lines())).toEqual([]);
  });

  it('all log lines of a request name the job, even if it could not be submitted', async () => {
    const { get, engine, lines } = start();
    engine.submit = () => Promise.reject(new Error('no'));
    await get(execute + stored);
    expect(lines().map(({ message }) => message)).toEqual([
      'job accepted',
      'job not submitted',
      'job ended',
      'request refused',
      'request answered',
    ]);
    expect(untagged(lines())).toEqual([]);
  });

  it.each([
    ['status', 'GET', '/TEST/wps/jobStatus', `jobId=${jobId}`],
    ['dismissal', 'DELETE', '/TEST/wps/jobStatus', `jobId=${jobId}`],
    ['output', 'GET', `/TEST/wps/outputs/${jobId}/value.txt`, ''],
  ])(
    'log lines of a request name the job that was asked about (%s), even an unknown one',
    async (_, ...asked) => {
      const [method, path, query] = asked;
      const { send, lines } = start();
      await send({ method, path, query });
      expect(lines().length).toBeGreaterThan(0);
      expect(untagged(lines())).toEqual([]);
    },
  );

  it('log lines of a request do not contain text in place of a job id', async () => {
    const { send, log } = start();
    await send({ path: '/TEST/wps/jobStatus', query: 'jobId=a-secret' });
    await send({ path: '/TEST/wps/outputs/a-secret/value.txt' });
    expect(log.join()).not.toContain('a-secret');
  });

  it('log lines of a request say which input or parameter was refused', async () => {
    const { get, post, lines } = start();
    await get('service=WPS&version=3.0.0&request=DescribeProcess&identifier=fixed');
    await post(executeXml('failing', [literal('exitCode', 'seven')]));
    expect(
      lines()
        .filter(({ message }) => message === 'request refused')
        .map(({ subject }) => subject),
    ).toEqual(['version', 'exitCode']);
  });

  it('log lines of a request contain no names that only the client knows', async () => {
    const { get, post, log, send } = start();
    await post(executeXml('failing', [literal('a-secret', '7')]));
    await get(`${execute}&ResponseDocument=a-secret`);
    await get('service=WPS&request=a-secret');
    await post('<a-secret/>');
    await post(executeXml('failing', ['<a-secret xmlns="urn:a-secret"/>']));
    await send({ method: 'A-SECRET' });
    expect(log.length).toBeGreaterThanOrEqual(12);
    expect(log.join()).not.toMatch(/a-secret/i);
  });
});
