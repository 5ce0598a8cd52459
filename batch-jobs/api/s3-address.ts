/** A place in S3, as `s3://bucket/prefix/`. */
export interface S3Address {
  readonly bucket: string;
  /** Common start of all keys: empty, or ending in `/`. */
  readonly prefix: string;
}

export function formatS3Address({ bucket, prefix }: S3Address): string {
  return `s3://${bucket}/${prefix}`;
}

/** Returns undefined for any other text. */
export function parseS3Address(address: string): S3Address | undefined {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(address) ?? [];
  if (!bucket) return undefined;
  return { bucket, prefix: prefix && !prefix.endsWith('/') ? `${prefix}/` : (prefix ?? '') };
}
