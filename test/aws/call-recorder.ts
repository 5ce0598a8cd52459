import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { SubmitJobRequest } from '@aws-sdk/client-batch';
import { emulatedAccount, emulatedRegion } from './emulator.ts';

/** A permission that a call needs: the caller, the action and the resource. */
export interface AskedPermission {
  /** Access key id that signed the call. */
  readonly caller: string;
  /** For example `s3:GetObject`. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the call, for example `aws:RequestTag/WpsEnvironment`. */
  readonly context?: Readonly<Record<string, string>>;
}

export interface CallRecorder {
  readonly endpoint: string;
  /** All permissions without duplicates, sorted. */
  asked(): readonly AskedPermission[];
  /** Bodies of the jobs that were submitted to AWS Batch. */
  submitted(): readonly SubmitJobRequest[];
  /** Carries out the next calls of this path but loses their answers. */
  loseAnswersOf(path: RegExp, times: number): void;
  /** Answers the next calls of this path that the service is unavailable. */
  refuse(path: RegExp, times: number): void;
  stop(): Promise<void>;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

type Permission = Omit<AskedPermission, 'caller'>;

/**
 * A proxy in front of the emulator that records which permission each signed call of the SDK needs. It
 * replaces job ids by `<job>`, and keeps only the first folder of an object's key.
 *
 * Source: Service Authorization Reference, "Actions, resources, and condition keys" for Amazon S3 and
 * AWS Batch; Amazon S3 User Guide, "Required permissions for Amazon S3 API operations".
 */
export async function startCallRecorder(emulator: string): Promise<CallRecorder> {
  const found = new Map<string, AskedPermission>();
  /** KMS keys of objects, by path. */
  const keys = new Map<string, string>();
  /** Tags of Batch jobs, by id. */
  const tags = new Map<string, Readonly<Record<string, string>>>();
  const submitted: SubmitJobRequest[] = [];
  const losing: RegExp[] = [];
  const refusing: RegExp[] = [];

  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', emulator);
    const call: Call = {
      method: incoming.method ?? 'GET',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: incoming.headers,
      body: await buffer(incoming),
    };
    const caller = callerOf(call);
    const permissions = call.path.startsWith('/v1/')
      ? batchPermissions(call, tags)
      : objectPermissions(call, keys);
    for (const permission of permissions) {
      const asked = { caller, ...permission };
      found.set(JSON.stringify(asked), asked);
    }
    if (take(refusing, call.path)) {
      outgoing.writeHead(503).end();
      return;
    }
    const passed = request(
      url,
      { method: call.method, headers: { ...incoming.headers, host: url.host } },
      async (answer) => {
        const content = await buffer(answer);
        if (call.path === '/v1/submitjob') {
          const { jobId } = JSON.parse(String(content));
          const body: SubmitJobRequest = JSON.parse(String(call.body));
          tags.set(jobId, body.tags ?? {});
          submitted.push(body);
        }
        if (take(losing, call.path)) {
          outgoing.destroy();
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        outgoing.end(content);
      },
    );
    passed.on('error', () => outgoing.destroy());
    passed.end(call.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => [...found.keys()].sort().flatMap((key) => found.get(key) ?? []),
    submitted: () => submitted,
    loseAnswersOf: (path, times) => losing.push(...Array<RegExp>(times).fill(path)),
    refuse: (path, times) => refusing.push(...Array<RegExp>(times).fill(path)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether one of the patterns matches the path. Removes that pattern. */
function take(patterns: RegExp[], path: string): boolean {
  const position = patterns.findIndex((pattern) => pattern.test(path));
  if (position >= 0) patterns.splice(position, 1);
  return position >= 0;
}

function callerOf({ headers, query, path }: Call): string {
  const credential =
    query.get('X-Amz-Credential') ?? /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1];
  if (!credential) throw new Error(`a call of ${path} is not signed`);
  return credential.split('/')[0] ?? '';
}

function objectPermissions(
  { method, path, query, headers }: Call,
  keys: Map<string, string>,
): readonly Permission[] {
  const [, bucket = '', folder, ...rest] = path.split('/');
  const arn = `arn:aws:s3:::${bucket}`;
  if (!folder) return [{ action: 's3:ListBucket', resource: arn }];
  const on = (action: string): Permission => ({
    action,
    resource: `${arn}/${folder}${rest.length > 0 ? '/<rest>' : ''}`,
  });
  const usingKey = (key: string | undefined, ...actions: readonly string[]) =>
    key === undefined ? [] : actions.map((action) => ({ action, resource: key }));
  const isPart = query.has('uploads') || query.has('uploadId');
  switch (method) {
    case 'GET':
    case 'HEAD':
      return [on('s3:GetObject'), ...usingKey(keys.get(path), 'kms:Decrypt')];
    case 'DELETE':
      return [on(isPart ? 's3:AbortMultipartUpload' : 's3:DeleteObject')];
    case 'PUT':
    case 'POST': {
      const named = headers['x-amz-server-side-encryption-aws-kms-key-id'];
      if (typeof named === 'string') keys.set(path, named);
      // S3 decrypts the parts again when it joins them.
      const uses = isPart ? ['kms:GenerateDataKey', 'kms:Decrypt'] : ['kms:GenerateDataKey'];
      return [on('s3:PutObject'), ...usingKey(keys.get(path), ...uses)];
    }
    default:
      throw new Error(`a call of S3 whose permission is not known: ${method} ${path}`);
  }
}

function batchPermissions(
  { path, body }: Call,
  tags: ReadonlyMap<string, Readonly<Record<string, string>>>,
): readonly Permission[] {
  const input = JSON.parse(String(body) || '{}');
  const jobs = `arn:aws:batch:${emulatedRegion}:${emulatedAccount}:job/<job>`;
  switch (path) {
    case '/v1/submitjob': {
      const submitted = [jobs, input.jobDefinition, input.jobQueue];
      const context = conditions('RequestTag', input.tags);
      return [
        ...submitted.map((resource) => ({ action: 'batch:SubmitJob', resource })),
        ...submitted.map((resource) => ({ action: 'batch:TagResource', resource, context })),
      ];
    }
    case '/v1/terminatejob':
      return [
        {
          action: 'batch:TerminateJob',
          resource: jobs,
          context: conditions('ResourceTag', tags.get(input.jobId)),
        },
      ];
    case '/v1/describejobs':
      return [{ action: 'batch:DescribeJobs', resource: '*' }];
    case '/v1/getjobqueuesnapshot':
      return [{ action: 'batch:GetJobQueueSnapshot', resource: input.jobQueue }];
    case '/v1/listjobs':
      return [{ action: 'batch:ListJobs', resource: '*' }];
    default:
      throw new Error(`a call of AWS Batch whose permission is not known: ${path}`);
  }
}

function conditions(kind: string, tags: Readonly<Record<string, string>> = {}) {
  return Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [
      `aws:${kind}/${name}`,
      name === 'WpsJobId' ? '<job>' : value,
    ]),
  );
}
