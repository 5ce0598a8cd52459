import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { s3ConfigurationFile } from '../../../lambda/aws/s3-configuration-file.ts';
import { signedGet } from '../../../lambda/aws/signed-get.ts';

const etag = '"0123456789abcdef0123456789abcdef"';
const error = (code: string) => `<Error><Code>${code}</Code><Message>no</Message></Error>`;
let server: Server;
let status = 200;
let code = 'AccessDenied';
let received: IncomingMessage[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    received.push(request);
    if (status !== 200) {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(error(code));
    } else if (request.headers['if-none-match'] === etag) {
      // S3 answers 304 like this, without a body that would name an error.
      response.writeHead(304, { etag }).end();
    } else {
      response.writeHead(200, { etag }).end('JOB_NAME=wps');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  status = 200;
  received = [];
});

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const variables = (more: Readonly<Record<string, string>> = {}) => ({
  AWS_REGION: 'ap-southeast-2',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  AWS_ENDPOINT_URL: endpoint(),
  ...more,
});
const client = async () =>
  new S3Client({
    endpoint: endpoint(),
    forcePathStyle: true,
    region: 'ap-southeast-2',
    maxAttempts: 1,
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  });
const noClient = () => Promise.reject(new Error('the SDK was asked'));

const ways = {
  'by the SDK': () => s3ConfigurationFile('configuration', client),
  'by a signed request': () =>
    s3ConfigurationFile('configuration', noClient, signedGet('configuration', variables())),
};

describe.each(Object.entries(ways))('a configuration file read %s', (_, file) => {
  it('a configuration file is fetched once, and is unchanged while S3 says that it was not modified', async () => {
    const fetchFile = file();
    expect(await fetchFile('DEV/wps.properties')).toEqual({ text: 'JOB_NAME=wps', etag });
    expect(await fetchFile('DEV/wps.properties', etag)).toBe('unchanged');
  });

  it('a configuration file is absent if S3 knows no such key', async () => {
    [status, code] = [404, 'NoSuchKey'];
    expect(await file()('DEV/notice.json')).toBeUndefined();
  });
});

it('a configuration file that S3 refuses is not taken for an unchanged one', async () => {
  [status, code] = [403, 'AccessDenied'];
  await expect(ways['by the SDK']()('DEV/wps.properties', etag)).rejects.toThrow(
    's3://configuration/DEV/wps.properties cannot be read: no',
  );
});

it.each([
  [403, 'AccessDenied'],
  [301, 'PermanentRedirect'],
  [404, 'NoSuchBucket'],
  [503, 'SlowDown'],
])('an answer %i %s to a signed request is left to the SDK', async (answered, named) => {
  [status, code] = [answered, named];
  const fetchFile = s3ConfigurationFile(
    'configuration',
    noClient,
    signedGet('configuration', variables()),
  );
  await expect(fetchFile('DEV/wps.properties')).rejects.toThrow('the SDK was asked');
  expect(received).toHaveLength(1);
});

it('a signed request that reaches nothing is left to the SDK', async () => {
  const unreachable = signedGet(
    'configuration',
    variables({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }),
  );
  expect(unreachable).toBeDefined();
  const fetchFile = s3ConfigurationFile('configuration', client, unreachable);
  expect(await fetchFile('DEV/wps.properties')).toEqual({ text: 'JOB_NAME=wps', etag });
});

it.each(['$LATEST/wps.properties', "DEV/a b+c'(d)*!é.properties"])(
  'a request for %s is signed as S3 reads it',
  async (key) => {
    await signedGet('configuration', variables())?.(key, etag);
    const [{ url = '', headers } = { headers: {} }] = received;
    expect(decodeURIComponent(url)).toBe(`/configuration/${key}`);
    // S3 encodes what it has decoded, all but the unreserved characters of RFC 3986.
    expect(url).toMatch(/^(%[0-9A-F]{2}|[A-Za-z0-9\-._~/])+$/);
    const { authorization = '', ...sent } = headers;
    const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
    expect(names).toEqual(
      expect.arrayContaining(['host', 'if-none-match', 'x-amz-date', 'x-amz-security-token']),
    );
    expect(authorization).toContain(
      `Signature=${signatureOf(url, names, sent as Record<string, string>)}`,
    );
  },
);

/** Source: AWS Identity and Access Management User Guide, "Create a signed AWS API request". */
function signatureOf(path: string, names: string[], headers: Record<string, string>): string {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text);
  const date = headers['x-amz-date'] ?? '';
  const scope = [date.slice(0, 8), 'ap-southeast-2', 's3', 'aws4_request'];
  const canonical = [
    'GET',
    path,
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(''),
  ].join('\n');
  const signing = scope.reduce<string | Buffer>(
    (key, part) => hmac(key, part).digest(),
    'AWS4secret',
  );
  return hmac(
    signing,
    ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n'),
  ).digest('hex');
}

it.each([
  ['no region', { AWS_REGION: '' }],
  ['no credentials in the variables', { AWS_SECRET_ACCESS_KEY: '' }],
  ['a profile', { AWS_PROFILE: 'other' }],
  ['endpoints of FIPS', { AWS_USE_FIPS_ENDPOINT: 'true' }],
  ['an endpoint by its name', { AWS_ENDPOINT_URL: 'http://localhost:4566' }],
  ['an endpoint below a path', { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566/s3' }],
  ['an endpoint that is no URL', { AWS_ENDPOINT_URL: '127.0.0.1' }],
])('with %s only the SDK is asked', (_, more) => {
  expect(signedGet('configuration', variables(more))).toBeUndefined();
});

it.each([
  ['with.dots', 'ap-southeast-2'],
  ['configuration', 'cn-north-1'],
  ['configuration', 'us-gov-west-1'],
  ['arn:aws:s3:ap-southeast-2:1:accesspoint/files', 'ap-southeast-2'],
])('for bucket %s in %s only the SDK is asked', (bucket, region) => {
  const { AWS_ENDPOINT_URL: _, ...plain } = variables({ AWS_REGION: region });
  expect(signedGet(bucket, plain)).toBeUndefined();
});

it('without an endpoint in the variables, a bucket in a region of the partition aws is asked by its own name', () => {
  const { AWS_ENDPOINT_URL: _, ...plain } = variables();
  expect(signedGet('configuration', plain)).toBeDefined();
});
