import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import { isStatus } from '../../batch-jobs/api/s3-answer.ts';
import type { S3Client } from '../../batch-jobs/api/s3-client.ts';
import type { FetchConfigurationFile } from '../configuration/configuration-source.ts';
import type { SignedAnswer, SignedGet } from './signed-get.ts';

const loadS3Client = loadOnce(() => import('../../batch-jobs/api/s3-client.ts'));

/**
 * Fetches configuration files from a bucket. The role needs s3:GetObject on its objects, and s3:ListBucket,
 * without which S3 answers 403 for a missing object.
 *
 * @param signedGet is tried first; the client handles every other case
 */
export function s3ConfigurationFile(
  bucket: string,
  client: () => Promise<S3Client>,
  signedGet?: SignedGet,
): FetchConfigurationFile {
  return async (key, known) => {
    const answer = await signedGet?.(key, known).catch(() => undefined);
    const file = answer && fileOf(answer);
    if (file) return file === 'absent' ? undefined : file;
    const [s3, { GetObjectCommand }] = await Promise.all([client(), loadS3Client()]);
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

/** @returns undefined for an answer that the SDK must handle, such as a fault or a redirect */
function fileOf({ status, etag, text }: SignedAnswer) {
  if (status === 200 && etag !== undefined) return { text, etag };
  if (status === 304) return 'unchanged';
  if (status === 404 && text.includes('<Code>NoSuchKey</Code>')) return 'absent';
  return undefined;
}
