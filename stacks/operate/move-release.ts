import { readReleasePins, writeReleasePin } from '../../environments/release-pins.ts';
import type { ReleasePart } from '../../environments/release-settings.ts';
import { commitOf } from '../commit.ts';
import { openAccount } from './aws-account.ts';
import type { Output } from './command-context.ts';
import { deploy } from './deploy.ts';
import { recordedReleases } from './release-records.ts';
import { promotion, type ReleaseMove, rollback } from './releases.ts';
import type { EnvironmentTarget } from './target.ts';
import { confirm, type Terminal } from './terminal.ts';

export interface ReleaseOptions extends Output {
  readonly yes: boolean;
  readonly deploy: boolean;
  readonly dryRun: boolean;
}

export type Move =
  | { readonly kind: 'promote' }
  | {
      readonly kind: 'rollback';
      readonly version?: number;
      readonly parts: readonly ReleasePart[];
    };

export interface MovedRelease extends ReleaseMove {
  readonly deployed: boolean;
  /** The result, as text. */
  readonly done: string;
}

/**
 * Promotes or rolls back: shows what changes, asks, sets or removes the pin, deploys, and reads the release
 * that the environment then records. Decision 013 explains the pin.
 */
export async function moveRelease(
  target: EnvironmentTarget,
  move: Move,
  options: ReleaseOptions & { readonly more: readonly string[] },
  terminal: Terminal,
): Promise<MovedRelease> {
  const { environment } = target;
  const { name } = environment;
  const account = await openAccount(target);
  const pin = readReleasePins()[name];
  const planned =
    move.kind === 'rollback'
      ? await rollback(account, environment, { ...move, pin })
      : await promotion(account, environment);
  const isPinKept = JSON.stringify(planned.pin) === JSON.stringify(pin);
  if (planned.changes.length === 0 && isPinKept) {
    return {
      ...planned,
      deployed: false,
      done: `${name} runs this already: ${planned.takes}. Nothing was changed.`,
    };
  }
  terminal.tell(`${name} will take ${planned.takes}.`);
  for (const change of planned.changes) terminal.tell(`  ${change}`);
  const checkout = commitOf(import.meta.dirname);
  if (planned.commit !== undefined && planned.commit !== checkout) {
    terminal.tell(
      `The release was built from commit ${planned.commit}, and ${checkout} is checked out: queues, roles and settings come from what is checked out.`,
    );
  }
  if (options.dryRun)
    return { ...planned, deployed: false, done: 'Nothing was changed (--dry-run).' };
  const verb = move.kind === 'rollback' ? `Roll ${name} back` : `Promote to ${name}`;
  await confirm(terminal, `${verb}${options.deploy ? '' : ' (without deploying)'}?`, options.yes);
  if (!isPinKept) writeReleasePin(name, planned.pin);
  const kept = 'environments/release-pins.json';
  if (!options.deploy) {
    return {
      ...planned,
      deployed: false,
      done: isPinKept
        ? `${name} has no pin to change. Deploy it: npm run deploy -- ${name}`
        : `${kept} is written. Commit it, and deploy: npm run deploy -- ${name}`,
    };
  }
  await deploy(name, options.more);
  const [recorded] = await recordedReleases(account);
  return {
    ...planned,
    deployed: true,
    done: `${name} runs version ${recorded?.version} of its releases, commit ${recorded?.release.functions.commit}.${isPinKept ? '' : ` Commit ${kept}, or the next deployment takes this back.`}`,
  };
}
