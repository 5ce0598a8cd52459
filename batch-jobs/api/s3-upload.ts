/** The SDK's multipart upload. A module of its own, like `s3-client.ts`, because only runners upload. */
export { Upload } from '@aws-sdk/lib-storage';
