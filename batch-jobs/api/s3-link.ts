/** Signs links. A module of its own, like `s3-client.ts`, because few requests need a link. */
export { getSignedUrl } from '@aws-sdk/s3-request-presigner';
export { create as contentDisposition } from 'content-disposition';
