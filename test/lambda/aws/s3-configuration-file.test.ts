import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { s3ConfigurationFile } from '../../../lambda/aws/s3-configuration-file.ts';

const etag = '"0123456789abcdef0123456789abcdef"';
let server: Server;
let status = 200;
beforeAll(async () => {
  server = createServer(({ headers }, response) => {
    if (status !== 200) {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
    } else if (headers['if-none-match'] === etag) {
      // S3 answers 304 like this, without a body that would name an error.
      response.writeHead(304, { etag }).end();
    } else {
      response.writeHead(200, { etag }).end('JOB_NAME=wps');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

const file = () => {
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forcePathStyle: true,
    region: 'ap-southeast-2',
    maxAttempts: 1,
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  });
  return s3ConfigurationFile('configuration', async () => client);
};

it('a configuration file is fetched once, and is unchanged while S3 says that it was not modified', async () => {
  status = 200;
  const fetchFile = file();
  expect(await fetchFile('DEV/wps.properties', undefined)).toEqual({ text: 'JOB_NAME=wps', etag });
  expect(await fetchFile('DEV/wps.properties', etag)).toBe('unchanged');
});

it('a configuration file that S3 refuses is no unchanged one', async () => {
  status = 403;
  await expect(file()('DEV/wps.properties', etag)).rejects.toThrow(
    's3://configuration/DEV/wps.properties cannot be read: no',
  );
});
