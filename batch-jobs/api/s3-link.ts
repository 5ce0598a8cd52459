/** What signs links, in a module of its own as `s3-client.ts` is: few requests need one. */
export { getSignedUrl } from '@aws-sdk/s3-request-presigner';
export { create as contentDisposition } from 'content-disposition';
