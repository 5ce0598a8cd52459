import { isStatus } from '../../batch-jobs/api/s3-answer.ts';
import type { S3Client } from '../../batch-jobs/api/s3-client.ts';
import type { FetchConfigurationFile } from '../configuration/configuration-source.ts';

/**
 * Fetches configuration files from a bucket. The role needs s3:GetObject on its objects, and s3:ListBucket,
 * without which S3 answers 403 for a missing object.
 */
export function s3ConfigurationFile(
  bucket: string,
  client: () => Promise<S3Client>,
): FetchConfigurationFile {
  return async (key, known) => {
    const [s3, { GetObjectCommand }] = await Promise.all([
      client(),
      import('../../batch-jobs/api/s3-client.ts'),
    ]);
    try {
      const found = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, IfNoneMatch: known }),
      );
      if (!found.Body || !found.ETag) throw new Error(`S3 answered a get of ${key} without a body`);
      return { text: await found.Body.transformToString(), etag: found.ETag };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'NoSuchKey') return undefined;
      if (isStatus(error, 304)) return 'unchanged';
      throw new Error(`s3://${bucket}/${key} cannot be read: ${error.message}`, { cause: error });
    }
  };
}
