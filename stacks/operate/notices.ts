import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Notice, noticeFilename, parseNotice } from '../../lambda/configuration/notice.ts';
import { ifThere, openAccount } from './aws-account.ts';
import type { Target } from './target.ts';
import { OperatorFault } from './terminal.ts';

/** Where the notice of a target is stored. */
export interface NoticeStore {
  /** For messages: `s3://bucket/PROD/notice.json`. */
  readonly place: string;
  read(): Promise<Notice | undefined>;
  write(notice: Notice): Promise<void>;
  /** Clearing a notice that does not exist is not an error. */
  clear(): Promise<void>;
}

/** @throws {OperatorFault} for a service of which only the address is known */
export async function noticeStore(target: Target): Promise<NoticeStore> {
  if (target.kind === 'environment') {
    const { s3, configurationBucket: Bucket, environment } = await openAccount(target);
    const object = { Bucket, Key: `${environment}/${noticeFilename}` };
    return {
      place: `s3://${Bucket}/${object.Key}`,
      read: async () => {
        const found = await ifThere(s3.send(new GetObjectCommand(object)), 'NoSuchKey');
        const text = await found?.Body?.transformToString();
        return text === undefined ? undefined : parseNotice(text);
      },
      write: async (notice) => {
        const Body = JSON.stringify(notice);
        await s3.send(new PutObjectCommand({ ...object, Body, ContentType: 'application/json' }));
      },
      clear: async () => {
        await s3.send(new DeleteObjectCommand(object));
      },
    };
  }
  const { dataDir } = target;
  if (dataDir === undefined) {
    throw new OperatorFault(
      'A notice is a file beside the configuration; name the environment (--env) or the data folder (--data-dir), not the endpoint.',
    );
  }
  const path = join(dataDir, noticeFilename);
  return {
    place: path,
    read: async () => {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : parseNotice(text);
    },
    write: (notice) => writeFile(path, JSON.stringify(notice), { mode: 0o600 }),
    clear: () => rm(path, { force: true }),
  };
}
