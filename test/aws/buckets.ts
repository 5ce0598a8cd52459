import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Emulator, emulatedRegion } from './emulator.ts';

/** Access to the emulator's objects from outside the service. */
export function bucketsOf({ endpoint }: Pick<Emulator, 'endpoint'>) {
  const client = new S3Client({
    region: emulatedRegion,
    endpoint,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  });
  return {
    create: async (bucket: string) => {
      await client.send(
        new CreateBucketCommand({
          Bucket: bucket,
          CreateBucketConfiguration: { LocationConstraint: emulatedRegion },
        }),
      );
    },
    put: async (bucket: string, key: string, text: string) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
    },
    read: async (bucket: string, key: string) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    list: async (bucket: string, prefix: string) => {
      const { Contents } = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
      );
      return (Contents ?? []).map(({ Key }) => Key ?? '');
    },
  };
}
