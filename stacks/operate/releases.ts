import type { Environment } from '../../environments/environment.ts';
import type { ReleasePin } from '../../environments/release-pins.ts';
import type { ReleasePart } from '../../environments/release-settings.ts';
import type { ReleaseRecord } from '../constructs/release.ts';
import type { AwsAccount } from './aws-account.ts';
import {
  differences,
  newestFunctions,
  type RecordedVersion,
  recordedReleases,
} from './release-records.ts';
import { OperatorFault } from './terminal.ts';

/** What a deployment will change in the release of an environment. */
export interface ReleaseMove {
  readonly environment: string;
  /** The source, as text: `what RC runs`. */
  readonly takes: string;
  /** The pin that the environment has afterwards; undefined for none. */
  readonly pin: ReleasePin | undefined;
  /** The commit to deploy from, if known. */
  readonly commit?: string;
  /** Differences between the current and the future release, as text. Empty if nothing would change. */
  readonly changes: readonly string[];
}

/**
 * Follows the environment before it, or the newest release, again: the pin is removed.
 *
 * @throws {OperatorFault} if there is no release to follow
 */
export async function promotion(
  account: AwsAccount,
  environment: Environment,
): Promise<ReleaseMove> {
  const { name, release } = environment;
  const [running] = await recordedReleases(account);
  if (release.take === 'newest') {
    const newest = await newestFunctions(account);
    if (!newest)
      throw new OperatorFault(
        'SHARED has published no package; run npx cdktf deploy SHARED first.',
      );
    const isSame = running?.release.functions.sha256 === newest.sha256;
    return {
      environment: name,
      takes: 'the newest package and images',
      pin: undefined,
      commit: newest.commit,
      // The plan finds out which images are the newest.
      changes: [
        isSame
          ? 'functions: none; images as the plan finds them'
          : `functions: ${running?.release.functions.commit ?? 'none'} -> ${newest.commit}`,
      ],
    };
  }
  if (release.take === 'pinned') {
    throw new OperatorFault(
      `environments/${name.toLowerCase()}.ts pins ${name} to version ${release.version}; set release to { take: 'promoted', from: ... } there.`,
    );
  }
  const [source] = await recordedReleases(account, release.from);
  if (!source) {
    throw new OperatorFault(
      `${release.from} has recorded no release; run npx cdktf deploy ${release.from} first.`,
    );
  }
  return {
    environment: name,
    takes: `what ${release.from} runs: its version ${source.version}`,
    pin: undefined,
    commit: source.release.functions.commit,
    changes: differences(running?.release, withParts(source.release, running?.release, [])),
  };
}

export interface RollbackOptions {
  /** Version of the environment's own record; by default, the one before what runs. */
  readonly version?: number;
  /** The parts to roll back; empty for all. */
  readonly parts: readonly ReleasePart[];
  /** The current pin of the environment. */
  readonly pin: ReleasePin | undefined;
}

/**
 * Pins an earlier release of the environment.
 *
 * @throws {OperatorFault} if there is no such release
 */
export async function rollback(
  account: AwsAccount,
  { name }: Environment,
  { version, parts, pin }: RollbackOptions,
): Promise<ReleaseMove> {
  const history = await recordedReleases(account);
  const [running] = history;
  if (!running)
    throw new OperatorFault(`${name} has recorded no release; there is none to go back to.`);
  const target =
    version === undefined
      ? before(history, running, { pin, parts })
      : history.find((each) => each.version === version);
  if (!target) {
    const versions = history.map((each) => each.version).join(', ');
    throw new OperatorFault(
      version === undefined
        ? `${name} has recorded no other release than the one it runs${parts.length > 0 ? `, of ${parts.join(', ')}` : ''}.`
        : `${name} has recorded no version ${version}; recorded: ${versions}.`,
    );
  }
  const only = parts.length > 0 ? ` (${parts.join(', ')} only)` : '';
  return {
    environment: name,
    takes: `version ${target.version} of ${name}, recorded ${target.recordedAt}${only}`,
    pin: pinOf(target, running, { pin, parts }),
    commit: target.release.functions.commit,
    changes: differences(running.release, withParts(target.release, running.release, parts)),
  };
}

/** The parts to roll back, and those that are already pinned. */
type GoesBack = Pick<RollbackOptions, 'pin' | 'parts'>;

/**
 * The newest release that is older than the current one and differs from it in the parts to roll back. After
 * a rollback, the current release is a copy of an older version; the search starts before that version, so
 * that a second rollback does not return to the release that was just left.
 */
function before(
  history: readonly RecordedVersion[],
  running: RecordedVersion,
  { pin, parts }: GoesBack,
): RecordedVersion | undefined {
  const whole = pin?.version ?? running.version;
  const from = Math.min(whole, ...parts.map((part) => pin?.parts?.[part] ?? whole));
  return history.find(
    (each) =>
      each.version < from &&
      differences(running.release, withParts(each.release, running.release, parts)).length > 0,
  );
}

/** Without parts, the whole target; otherwise those parts of it, and the rest as it runs now. */
function pinOf(
  target: RecordedVersion,
  running: RecordedVersion,
  { pin, parts }: GoesBack,
): ReleasePin {
  if (parts.length === 0) return { version: target.version };
  return {
    version: pin?.version ?? running.version,
    parts: { ...pin?.parts, ...Object.fromEntries(parts.map((part) => [part, target.version])) },
  };
}

/** A release of which only some parts are used. */
function withParts(
  taken: ReleaseRecord,
  running: ReleaseRecord | undefined,
  parts: readonly ReleasePart[],
): ReleaseRecord {
  if (!running || parts.length === 0) return taken;
  return {
    functions: parts.includes('functions') ? taken.functions : running.functions,
    machineImages: parts.includes('machineImages') ? taken.machineImages : running.machineImages,
    processImages: parts.includes('processImages') ? taken.processImages : running.processImages,
  };
}
