/**
 * What of the S3 SDK the store uses, in a module of its own: it is imported on first use, so that
 * a start that needs no object does not pay for it, and bundlers drop the commands left out.
 */
export {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
