/**
 * The parts of the S3 SDK that the store uses. They are in a module of their own that is imported on first
 * use, so that a start without S3 access does not load them, and bundlers drop all other commands.
 */
export {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
