/** The SDK's multipart upload, in a module of its own as `s3-client.ts` is: only runners upload. */
export { Upload } from '@aws-sdk/lib-storage';
