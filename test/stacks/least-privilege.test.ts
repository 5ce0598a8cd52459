import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import type { AskedPermission } from '../aws/call-recorder.ts';
import { type Grant, grantsThatAllow, type Role, roleNamed, roleOfFunction } from './roles.ts';
import { type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

const root = join(import.meta.dirname, '..', '..');

/** `test/aws/asked-permissions.test.ts` recorded these from the real SDK, in DEV. */
const recorded: readonly AskedPermission[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'asked-permissions.json'), 'utf8'),
);

const account = '123456789012';
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:ap-southeast-2:${account}:${resource}`;
const outputs = `arn:aws:s3:::wps-dev-outputs-${account}-ap-southeast-2`;
const configuration = `arn:aws:s3:::wps-configuration-${account}-ap-southeast-2`;
const kmsKeyArn = arn('kms', 'key/1');
const parameter = arn('ssm', 'parameter/one');
const secret = arn('secretsmanager', 'secret:two-AbCdEf');

/**
 * Permissions without a request in the recording: job lists, idempotency keys, callbacks, dismissals of jobs
 * that have ended.
 */
const ofOgcApi = Object.fromEntries(
  [
    ...['index', 'idempotency', 'callbacks', 'mail', 'keys'].flatMap((folder) => [
      `s3:GetObject ${outputs}/${folder}/*`,
      `s3:PutObject ${outputs}/${folder}/*`,
    ]),
    ...['index', 'idempotency', 'callbacks', 'mail', 'jobs/*/outputs'].map(
      (folder) => `s3:DeleteObject ${outputs}/${folder}/*`,
    ),
  ].map((permission) => [permission, 'asked for by requests of OGC API - Processes']),
);

/** The recording has this one, because an accepted job is added to its caller's index. */
const { [`s3:PutObject ${outputs}/index/*`]: _recorded, ...ofOgcApiBeyondExecute } = ofOgcApi;

/** The recording has this one too, because the index stores how long a successful job took. */
const { [`s3:GetObject ${outputs}/index/*`]: _read, ...ofOgcApiBeyondEnds } = ofOgcApiBeyondExecute;

/** Needs a sender and recipients. `test/aws/ses-sender.test.ts` checks the request. */
const asksSes = 'mails are sent with them';

/**
 * Permissions that AWS requires although no recorded call shows it, with the reason: by caller, then action
 * and resource.
 */
const unrecorded: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  wps: {
    ...ofOgcApiBeyondExecute,
    [`s3:ListBucket ${configuration}`]: 'else S3 calls a missing file a denied one',
    [`s3:GetObject ${configuration}/$LATEST/*`]:
      'a call without an alias is told that nothing is offered',
    [`logs:CreateLogStream ${arn('logs', 'log-group:/aws/lambda/<function>:*')}`]:
      'Lambda writes the log in the function’s role',
    [`logs:PutLogEvents ${arn('logs', 'log-group:/aws/lambda/<function>:*')}`]:
      'Lambda writes the log in the function’s role',
  },
  jobEvents: {
    ...ofOgcApiBeyondEnds,
    [`ses:SendEmail ${arn('ses', 'identity/example.org')}`]: asksSes,
    [`ses:SendEmail ${arn('ses', 'configuration-set/wps-dev-mail')}`]: asksSes,
    [`s3:GetObject ${outputs}/ended/*`]: 'both functions have one statement on documents',
    [`s3:ListBucket ${configuration}`]: 'else S3 calls a missing file a denied one',
    [`s3:GetObject ${configuration}/$LATEST/*`]:
      'a call without an alias is told that nothing is offered',
    [`logs:CreateLogStream ${arn('logs', 'log-group:/aws/lambda/<function>:*')}`]:
      'Lambda writes the log in the function’s role',
    [`logs:PutLogEvents ${arn('logs', 'log-group:/aws/lambda/<function>:*')}`]:
      'Lambda writes the log in the function’s role',
    [`sqs:SendMessage ${arn('sqs', 'wps-dev-dead-job-events')}`]:
      'Lambda puts failed events aside in the function’s role',
  },
  job: {
    [`s3:ListBucket ${outputs}`]: 'else S3 calls a missing document a denied one',
    [`elasticfilesystem:ClientMount ${arn('elasticfilesystem', 'file-system/fs-0123456789abcdef0')}`]:
      'ECS mounts scratch folders in the job’s role',
    [`elasticfilesystem:ClientWrite ${arn('elasticfilesystem', 'file-system/fs-0123456789abcdef0')}`]:
      'a scratch folder is written to',
  },
};

/**
 * Permissions of the agent that starts a container.
 *
 * Source: Amazon ECS Developer Guide, "Amazon ECS task execution IAM role"; AWS Batch User Guide,
 * "Specify sensitive data".
 */
const asksAgent: readonly Omit<AskedPermission, 'caller'>[] = [
  ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
    action,
    resource: arn('logs', 'log-group:/aws/batch/wps-dev-jobs:log-stream:echo/default/0a1b'),
  })),
  { action: 'ecr:GetAuthorizationToken', resource: '*' },
  ...['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map(
    (action) => ({ action, resource: arn('ecr', 'repository/wps/echo') }),
  ),
  { action: 'ssm:GetParameters', resource: parameter },
  { action: 'secretsmanager:GetSecretValue', resource: secret },
];

let stacks: Readonly<Record<string, SynthesisedConfiguration>>;
let roles: Readonly<Record<string, Role>>;
beforeAll(async () => {
  const own = { echo: { secrets: { ONE: parameter, TWO: `${secret}:password::` } } };
  const processes = { ...dev.processes, own };
  const withEverything = [dev, prod].map((environment) => ({
    ...environment,
    mail: { address: 'wps@example.org' },
    processes,
    outputs: { ...environment.outputs, kmsKeyArn },
  }));
  const { catalogue } = await import('../../batch-jobs/catalogue.ts');
  ({ stacks } = await samplePlatform(
    { ...installationData, environments: withEverything },
    {
      catalogue: catalogue.map((process) =>
        process.identifier === 'echo'
          ? { ...process, job: { ...process.job, variables: ['ONE', 'TWO'] } }
          : process,
      ),
    },
  ));
  roles = rolesIn('DEV');
});

const rolesIn = (environment: string): Readonly<Record<string, Role>> => ({
  wps: roleOfFunction('lambda/handler.handler', environment, stacks),
  jobEvents: roleOfFunction('lambda/job-events.handler', environment, stacks),
  job: roleNamed(`wps-${environment.toLowerCase()}-job`, stacks),
  agent: roleNamed(`wps-${environment.toLowerCase()}-execution`, stacks),
});

const asked = (caller: string) =>
  caller === 'agent' ? asksAgent : recorded.filter((one) => one.caller === caller);

/** Fills in example ids where the recording has placeholders. */
const filled = <T extends Omit<AskedPermission, 'caller'>>(permission: T): T =>
  JSON.parse(
    JSON.stringify(permission)
      .replaceAll('<job>', 'b7c1f0a2-3d4e-4f5a-8b6c-7d8e9f0a1b2c')
      .replaceAll('<rest>', 'some/key'),
  );

const line = ({ action, resource }: Pick<Grant, 'action' | 'resource'>) =>
  `${action} ${resource}`.replace(/(log-group:\/aws\/lambda\/)[\w-]+/, '$1<function>');

const callers = ['wps', 'jobEvents', 'job', 'agent'] as const;

describe.each(callers)('the role of %s in DEV', (caller) => {
  it('each role in DEV allows everything that its code calls', async () => {
    const denied: string[] = [];
    for (const permission of asked(caller)) {
      const allowing = await grantsThatAllow(roles[caller] as Role, filled(permission));
      if (allowing.length === 0) denied.push(line(permission));
    }
    expect(asked(caller).length).toBeGreaterThan(4);
    expect(denied).toEqual([]);
  });

  it('each role in DEV allows nothing else in its environment, except for a stated reason', async () => {
    const used = new Set<Grant>();
    for (const permission of asked(caller)) {
      for (const grant of await grantsThatAllow(roles[caller] as Role, filled(permission))) {
        used.add(grant);
      }
    }
    const unused = (roles[caller] as Role).grants
      .filter((grant) => !used.has(grant) && !/wps-prod/.test(JSON.stringify(grant)))
      .filter(({ condition }) => !JSON.stringify(condition ?? '').includes('PROD'));
    expect([...new Set(unused.map(line))].sort()).toEqual(
      Object.keys(unrecorded[caller] ?? {}).sort(),
    );
  });
});

describe('what is asked for', () => {
  it('the recorded calls contain every command of the SDK that the code imports', () => {
    const recordedActions = new Set(recorded.map(({ action }) => action));
    const commands = ['lambda', 'batch-jobs'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(root, folder, file), 'utf8'))
        .filter((source) => source.includes("'@aws-sdk/client-"))
        .flatMap((source) => [...source.matchAll(/^ {2}(\w+)Command,$/gm)].map(([, name]) => name)),
    );
    expect(commands.length).toBeGreaterThan(8);
    const actions: Readonly<Record<string, string>> = {
      HeadObject: 's3:GetObject',
      ListObjectsV2: 's3:ListBucket',
    };
    const service = (name: string) => (/Object/.test(name) ? 's3' : 'batch');
    const missing = commands.filter(
      (name = '') =>
        name !== 'SendEmail' && !recordedActions.has(actions[name] ?? `${service(name)}:${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('an environment', () => {
  /** Resources that environments share, or that AWS does not distinguish. */
  const shared = /^(batch:(DescribeJobs|ListJobs)|kms:\w+|ecr:\w+|ssm:\w+|secretsmanager:\w+) /;

  it.each(callers)(
    'the role of %s allows none of its calls in another environment',
    async (caller) => {
      const crossing: string[] = [];
      let tried = 0;
      for (const permission of asked(caller)) {
        const elsewhere = inProd(filled(permission));
        // Skips permissions whose resource names no environment.
        if (JSON.stringify(elsewhere) === JSON.stringify(filled(permission))) continue;
        tried++;
        const allowing = await grantsThatAllow(roles[caller] as Role, elsewhere);
        if (allowing.length > 0 && !shared.test(line(elsewhere))) crossing.push(line(elsewhere));
      }
      expect(tried).toBeGreaterThan(1);
      expect(crossing).toEqual([]);
    },
  );
});

function inProd<T extends Omit<AskedPermission, 'caller'>>(permission: T): T {
  return JSON.parse(
    JSON.stringify(permission)
      .replaceAll('wps-dev-', 'wps-prod-')
      .replaceAll('"DEV"', '"PROD"')
      .replaceAll('/DEV/', '/PROD/'),
  );
}
