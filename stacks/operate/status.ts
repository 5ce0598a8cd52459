import { DescribeJobQueuesCommand } from '@aws-sdk/client-batch';
import { GetAliasCommand, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { queueClasses } from '../../batch-jobs/api/process-description.ts';
import type { Environment } from '../../environments/environment.ts';
import { unfinishedJobs, unfinishedStates } from '../deliver/waiting-jobs.ts';
import { queueName } from '../names.ts';
import { type AwsAccount, ifThere } from './aws-account.ts';
import { configurationIn, configurationText } from './jobs/environment-service.ts';
import {
  type DriftRecord,
  newestFunctions,
  parameter,
  type RecordedVersion,
  recordedReleases,
} from './release-records.ts';
import { columns } from './terminal.ts';

export interface AliasStatus {
  readonly functionName: string;
  /** Undefined if function or alias do not exist. */
  readonly version?: string;
  /** Whether that version is the package of the recorded release. */
  readonly runsRelease: boolean;
}

export interface QueueStatus {
  readonly name: string;
  /** `ENABLED` or `DISABLED`, with `VALID` or the reason why not; `missing` if there is no such queue. */
  readonly state: string;
  readonly status: string;
  /** Unfinished jobs by their state in Batch. */
  readonly jobs: Readonly<Record<string, number>>;
}

/** The state of an environment, from AWS and from the environment's own records. */
export interface EnvironmentStatus {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** The release that the settings would deploy. */
  readonly takes: string;
  /** Undefined before the first deployment. */
  readonly release?: RecordedVersion;
  /** Commit of the newest package that SHARED has published. */
  readonly newestCommit?: string;
  readonly aliases: readonly AliasStatus[];
  readonly queues: readonly QueueStatus[];
  readonly machineImage: { readonly inUse?: string; readonly newest?: string };
  /** Undefined if no check was recorded. */
  readonly drift?: DriftRecord;
}

export async function environmentStatus(
  account: AwsAccount,
  { release: settings, queues: queueSettings }: Environment,
): Promise<EnvironmentStatus> {
  const { environment, shared } = account;
  const [[release], newest, image, drift, queues] = await Promise.all([
    recordedReleases(account),
    newestFunctions(account),
    parameter(account, shared.imageParameter),
    parameter(account, shared.driftParameter(environment)),
    queueNames(account, queueSettings).then((names) =>
      Promise.all(names.map((name) => queueStatus(account, name))),
    ),
  ]);
  const aliases = await Promise.all(
    ['requests', 'job-events'].map((part) =>
      aliasStatus(account, account.name(part), release?.release.functions.sha256),
    ),
  );
  const inUse = release?.release.machineImages.dataVolume;
  return {
    environment,
    account: account.id,
    region: account.region,
    takes: takenBy(settings),
    ...(release && { release }),
    ...(newest && { newestCommit: newest.commit }),
    aliases,
    queues,
    machineImage: {
      ...(inUse === undefined ? {} : { inUse }),
      ...(image === undefined ? {} : { newest: image }),
    },
    ...(drift === undefined ? {} : { drift: JSON.parse(drift) }),
  };
}

/** The source of a deployment's release, as text. */
export function takenBy(release: Environment['release']): string {
  const parts = Object.entries(release.parts).flatMap(([part, from]) =>
    from ? [`${part} of ${from.environment} version ${from.version}`] : [],
  );
  const whole =
    release.take === 'newest'
      ? `the newest${release.tag === undefined ? '' : `, container images ${release.tag}`}`
      : release.take === 'promoted'
        ? `what ${release.from} runs`
        : `version ${release.version} of ${release.environment} (pinned)`;
  return [whole, ...parts].join('; ');
}

async function aliasStatus(
  { lambda, environment }: AwsAccount,
  FunctionName: string,
  sha256: string | undefined,
): Promise<AliasStatus> {
  const alias = await ifThere(
    lambda.send(new GetAliasCommand({ FunctionName, Name: environment })),
    'ResourceNotFoundException',
  );
  const version = alias?.FunctionVersion;
  if (version === undefined) return { functionName: FunctionName, runsRelease: false };
  const { CodeSha256 } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName, Qualifier: version }),
  );
  return {
    functionName: FunctionName,
    version,
    runsRelease: sha256 !== undefined && CodeSha256 === sha256,
  };
}

/**
 * The queues in use: those in the current configuration. If it cannot be read, those that the settings would
 * create; their names differ from those in use once a setting asks for another kind.
 */
async function queueNames(
  account: AwsAccount,
  settings: Environment['queues'],
): Promise<readonly string[]> {
  try {
    const { queues } = configurationIn(account, (await configurationText(account)) ?? '');
    const names = queueClasses.map((each) => queues[each].split('/').at(-1) ?? queues[each]);
    return [...new Set(names)];
  } catch {
    return queueClasses.map((each) => queueName(account.name(each), settings[each]));
  }
}

async function queueStatus({ batch }: AwsAccount, name: string): Promise<QueueStatus> {
  const { jobQueues } = await batch.send(new DescribeJobQueuesCommand({ jobQueues: [name] }));
  const [queue] = jobQueues ?? [];
  if (!queue) return { name, state: 'missing', status: 'missing', jobs: {} };
  return {
    name,
    state: queue.state ?? '',
    status:
      queue.status === 'VALID'
        ? 'VALID'
        : [queue.status, queue.statusReason].filter(Boolean).join(': '),
    jobs: await unfinishedJobs(batch, name),
  };
}

/** The status as text. */
export function statusText(status: EnvironmentStatus): string {
  const { release, aliases, queues, machineImage, drift, newestCommit } = status;
  const functions = release?.release.functions;
  const facts = [
    ['environment', `${status.environment}, account ${status.account}, ${status.region}`],
    [
      'release',
      release
        ? `version ${release.version}, recorded ${release.recordedAt}, commit ${functions?.commit}`
        : 'none recorded: the environment was never deployed',
    ],
    ['deployment takes', status.takes],
    [
      'newest package',
      newestCommit === undefined
        ? 'none: SHARED was never deployed'
        : `commit ${newestCommit}${newestCommit === functions?.commit ? ', which runs here' : ''}`,
    ],
    ...aliases.map(({ functionName, version, runsRelease }) => [
      'alias',
      version === undefined
        ? `${functionName}: missing`
        : `${functionName}: version ${version}, ${runsRelease ? 'which runs the release' : 'which is not the release’s code'}`,
    ]),
    ['machine image', machineImageText(machineImage)],
    [
      'last drift check',
      drift
        ? `${drift.checkedAt}: ${drift.hasDrifted ? 'something was changed from outside' : 'nothing was changed from outside'} (commit ${drift.commit})`
        : 'none recorded',
    ],
  ];
  const table = queues.map(({ name, state, status: validity, jobs }) => [
    name,
    state,
    validity,
    ...unfinishedStates.map((each) => String(jobs[each] ?? '-')),
  ]);
  return `${columns(facts)}\n\n${columns([['queue', 'state', 'status', ...unfinishedStates.map((each) => each.toLowerCase())], ...table])}`;
}

/** SHARED writes `none` until the pipeline has built an image. */
function machineImageText({
  inUse = 'none',
  newest = 'none',
}: EnvironmentStatus['machineImage']): string {
  if (newest === 'none')
    return inUse === 'none' ? 'none: the pipeline of SHARED has built none yet' : inUse;
  return inUse === newest ? `${inUse}, the newest` : `${inUse}; newest: ${newest}`;
}
