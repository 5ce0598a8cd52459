import type { InstalledAccount } from '../../environments/check-accounts.ts';
import type { Environment } from '../../environments/environment.ts';
import { isFargate, type QueueSettings } from '../../environments/queue-settings.ts';
import {
  reservedExecutions,
  unreservedExecutions,
} from '../../environments/reserved-executions.ts';
import type { AccountFacts, Unknown } from './account-facts.ts';

/** A result of the checks before a deployment. */
export interface Finding {
  /** `blocks`: the deployment would fail; `warns`: it would work, but something would be missing later. */
  readonly kind: 'ok' | 'warns' | 'blocks' | 'unknown';
  readonly subject: string;
  /** What was found, and what to do. */
  readonly message: string;
}

/** The quota of concurrent executions of an account, unless it is new or has a raised quota. */
const usualConcurrency = 1_000;

function concurrency(executions: number, reserved: number): Answer {
  const found = `${executions} executions at once, for all functions of the account`;
  if (reserved > 0 && executions < reserved + unreservedExecutions) {
    return blocks(
      `${found}; environments set ${reserved} aside, and Lambda keeps ${unreservedExecutions} back. Ask for more (quota L-B99A9384), or lower handler.concurrency`,
    );
  }
  return executions >= usualConcurrency
    ? ok(found)
    : warns(
        `${found}, where ${usualConcurrency} are usual; ask for more (quota L-B99A9384) before users come`,
      );
}

/** Compares what the stacks of an account need with its resources and limits. */
export function preflight(
  { shared, environments }: InstalledAccount,
  facts: AccountFacts,
): readonly Finding[] {
  const queues = environments.flatMap((environment) => Object.values(environment.queues));
  const queuesOf = (kind: 'machines' | 'fargate') => (purchase: QueueSettings['purchase']) =>
    queues.filter(
      (queue) => isFargate(queue) === (kind === 'fargate') && queue.purchase === purchase,
    );
  const machines = queuesOf('machines');
  const tasks = queuesOf('fargate');
  return [
    finding('account', facts.id, (id) =>
      shared.account.id === undefined || shared.account.id === id
        ? ok(`the credentials are of account ${id}`)
        : blocks(
            `the credentials are of account ${id}, and account.id is ${shared.account.id}; take others`,
          ),
    ),
    vpcs(environments, shared.account.prefix, facts),
    vcpus('on-demand vCPUs', 'L-1216C47A', machines('on-demand'), facts.onDemandVcpus),
    vcpus('Spot vCPUs', 'L-34B43A08', machines('spot'), facts.spotVcpus),
    ...[
      {
        subject: 'Fargate vCPUs',
        code: 'L-3032A538',
        found: facts.fargateVcpus,
        bought: tasks('on-demand'),
      },
      {
        subject: 'Fargate Spot vCPUs',
        code: 'L-36FBB829',
        found: facts.fargateSpotVcpus,
        bought: tasks('spot'),
      },
    ].flatMap(({ subject, code, found, bought }) =>
      bought.length === 0 ? [] : [vcpus(subject, code, bought, found)],
    ),
    finding('Lambda concurrency', facts.concurrentExecutions, (executions) =>
      concurrency(executions, reservedExecutions(environments)),
    ),
    finding('API Gateway log role', facts.apiGatewayLogRole, (role) =>
      apiAccountRole(role, shared.apiAccountRole),
    ),
    finding('service-linked roles', facts.missingServiceRoles, (missing) =>
      missing.length === 0
        ? ok('those of AWS Batch and Spot are there')
        : warns(
            `there is none for ${missing.join(' and ')}; create it first: ${missing.map((service) => `aws iam create-service-linked-role --aws-service-name ${service}`).join('; ')}`,
          ),
    ),
  ];
}

function vpcs(environments: readonly Environment[], prefix: string, facts: AccountFacts): Finding {
  const wanted = environments
    .filter(({ network }) => network.kind === 'dedicated')
    .map(({ name }) => `${prefix}-${name.toLowerCase()}-jobs`);
  return finding('VPCs', facts.vpcs, (there) =>
    finding('VPCs', facts.vpcQuota, (quota) => {
      const more = wanted.filter((name) => !there.includes(name)).length;
      const counted = `${there.length} of ${quota} VPCs are there, and the environments add ${more}`;
      return there.length + more <= quota
        ? ok(counted)
        : blocks(
            `${counted}; ask for more (quota L-F678F1CE), or set network.kind to "existing" in ${more} of the environments`,
          );
    }),
  );
}

/** @param queues those whose jobs count towards the quota */
function vcpus(
  subject: string,
  code: string,
  queues: readonly QueueSettings[],
  quota: number | Unknown,
): Finding {
  const sum = (of: (queue: QueueSettings) => number) =>
    queues.reduce((total, queue) => total + of(queue), 0);
  // Nothing of Fargate is kept up.
  const least = sum((queue) => (isFargate(queue) ? 0 : queue.minVcpus));
  const most = sum(({ maxVcpus }) => maxVcpus);
  return finding(subject, quota, (allowed) => {
    if (allowed < least) {
      return blocks(
        `${allowed} are allowed, and ${least} are kept up (minVcpus); ask for more (quota ${code})`,
      );
    }
    return allowed < most
      ? warns(
          `${allowed} are allowed, and the queues may want ${most} at once (maxVcpus); jobs beyond it wait, and are cancelled after stuckAfterMinutes. Ask for more (quota ${code})`,
        )
      : ok(`${allowed} are allowed, and the queues want ${most} at most`);
  });
}

function apiAccountRole(role: string, setting: 'managed' | 'existing' | undefined): Answer {
  if (role === '') {
    return setting === 'managed'
      ? ok('there is none, and SHARED sets one')
      : blocks(
          'there is none, so no API stage can write its log; set apiAccountRole to "managed" in environments/shared.ts',
        );
  }
  return setting === 'managed'
    ? warns(
        `it is ${role}, which SHARED replaces for every API of the account, unless it is SHARED’s own; set apiAccountRole to "existing" to keep it`,
      )
    : ok(`it is ${role}, and stays`);
}

type Answer = Omit<Finding, 'subject'>;
const ok = (message: string): Answer => ({ kind: 'ok', message });
const warns = (message: string): Answer => ({ kind: 'warns', message });
const blocks = (message: string): Answer => ({ kind: 'blocks', message });

function finding<T>(
  subject: string,
  fact: T | Unknown,
  judge: (fact: Exclude<T, Unknown>) => Answer,
): Finding {
  if (isUnknown(fact)) {
    return { kind: 'unknown', subject, message: `could not be asked (${fact.unknown})` };
  }
  return { ...judge(fact as Exclude<T, Unknown>), subject };
}

function isUnknown(fact: unknown): fact is Unknown {
  return typeof fact === 'object' && fact !== null && 'unknown' in fact;
}
