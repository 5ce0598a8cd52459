import { GetParameterCommand, paginateGetParameterHistory } from '@aws-sdk/client-ssm';
import type { ReleasedFunctions, ReleaseRecord } from '../constructs/release.ts';
import { type AwsAccount, ifThere } from './aws-account.ts';

/** A release that an environment recorded. */
export interface RecordedVersion {
  readonly version: number;
  /** Instant, ISO 8601 in UTC. */
  readonly recordedAt: string;
  readonly release: ReleaseRecord;
}

/** The result of the last drift check: `operate drift` writes it, `operate status` shows it. */
export interface DriftRecord {
  /** Instant, ISO 8601 in UTC. */
  readonly checkedAt: string;
  /** Whether the deployed resources differ from the stack. */
  readonly hasDrifted: boolean;
  /** The commit whose stack was compared. */
  readonly commit: string;
}

/** The releases that an environment has run, newest first; AWS keeps the last hundred. */
export async function recordedReleases(
  account: AwsAccount,
  environment = account.environment,
): Promise<readonly RecordedVersion[]> {
  const Name = account.shared.releaseParameter(environment);
  const found: RecordedVersion[] = [];
  const reading = async () => {
    for await (const { Parameters = [] } of paginateGetParameterHistory(
      { client: account.ssm },
      { Name },
    )) {
      for (const { Version = 0, LastModifiedDate, Value = '{}' } of Parameters) {
        found.push({
          version: Version,
          recordedAt: LastModifiedDate?.toISOString() ?? '',
          release: JSON.parse(Value),
        });
      }
    }
  };
  await ifThere(reading(), 'ParameterNotFound');
  return found.sort((a, b) => b.version - a.version);
}

/** The newest package of the functions that SHARED has published. */
export async function newestFunctions(account: AwsAccount): Promise<ReleasedFunctions | undefined> {
  const text = await parameter(account, account.shared.functionsParameter);
  return text === undefined ? undefined : JSON.parse(text);
}

/** The value of a parameter; undefined if it does not exist. */
export async function parameter(account: AwsAccount, Name: string): Promise<string | undefined> {
  const found = await ifThere(
    account.ssm.send(new GetParameterCommand({ Name })),
    'ParameterNotFound',
  );
  return found?.Parameter?.Value;
}

/** The parts in which two releases differ, as text: `functions 1a2b3c4 -> 5d6e7f8`. */
export function differences(from: ReleaseRecord | undefined, to: ReleaseRecord): readonly string[] {
  const changes: string[] = [];
  const note = (what: string, before = 'none', after = 'none') => {
    if (before !== after) changes.push(`${what}: ${short(before)} -> ${short(after)}`);
  };
  if (from?.functions.sha256 !== to.functions.sha256) {
    note(
      'functions',
      from && `commit ${from.functions.commit}, package ${from.functions.sha256}`,
      `commit ${to.functions.commit}, package ${to.functions.sha256}`,
    );
  }
  for (const [image, id] of Object.entries(to.machineImages)) {
    const before = Object.entries(from?.machineImages ?? {}).find(([name]) => name === image)?.[1];
    note(`machine image ${image}`, before, id);
  }
  for (const image of Object.keys({ ...from?.processImages, ...to.processImages }).sort()) {
    note(`container image ${image}`, from?.processImages[image], to.processImages[image]);
  }
  return changes;
}

/** Digests and commits are shortened, as git and docker show them. */
function short(text: string): string {
  return text
    .replaceAll(/\b(sha256:[0-9a-f]{12})[0-9a-f]+/g, '$1')
    .replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28}\b/g, '$1');
}
