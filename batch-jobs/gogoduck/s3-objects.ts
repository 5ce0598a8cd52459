import { loadOnce } from '../api/load-once.ts';
import { parseS3Address } from '../api/s3-address.ts';
import { isStatus } from '../api/s3-answer.ts';
import { s3Connection } from '../api/s3-connection.ts';
import type { FetchedObject, RemoteObjects } from './netcdf/zarr/remote-objects.ts';

const silenceMilliseconds = 60_000;

const loadS3Client = loadOnce(() => import('../api/s3-client.ts'));

/**
 * The objects of a store in S3, below a prefix. The role needs s3:GetObject there, and s3:ListBucket to list
 * a store without consolidated metadata. The SDK retries temporary failures.
 *
 * @param address `s3://bucket/prefix`, encoded like a URL
 * @param isPublic whether to send unsigned requests, as anyone without an account does
 */
export function s3Objects(address: string, isPublic: boolean): RemoteObjects {
  const place = parseS3Address(decodeURIComponent(address));
  if (!place) throw new Error(`${address} is no address in S3`);
  const { bucket, prefix } = place;
  const connection = s3Connection({ silenceMilliseconds, isPublic, anyRegion: true });
  const load = () => Promise.all([connection(), loadS3Client()]);
  return {
    async get(key, range) {
      const [client, { GetObjectCommand }] = await load();
      const object = { Bucket: bucket, Key: `${prefix}${key}` };
      const command = new GetObjectCommand({ ...object, ...(range ? { Range: range } : {}) });
      try {
        const { Body } = await client.send(command);
        if (!Body) throw new Error(`S3 answered a get of ${key} without a body`);
        return { status: 200, body: Body as AsyncIterable<Uint8Array> } satisfies FetchedObject;
      } catch (error) {
        const status = [403, 404].find((each) => isStatus(error, each));
        if (status === undefined) throw error;
        return { status };
      }
    },
    async folders() {
      const [client, { ListObjectsV2Command }] = await load();
      const names: string[] = [];
      let next: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            Delimiter: '/',
            ContinuationToken: next,
          }),
        );
        for (const { Prefix = '' } of page.CommonPrefixes ?? []) {
          names.push(Prefix.slice(prefix.length).replace(/\/$/, ''));
        }
        next = page.NextContinuationToken;
      } while (next);
      return names;
    },
    async close() {
      (await connection()).destroy();
    },
  };
}
