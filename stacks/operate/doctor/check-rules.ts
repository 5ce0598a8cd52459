import {
  DescribeRuleCommand,
  type DescribeRuleResponse,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import type { Environment } from '../../../environments/environment.ts';
import { type AwsAccount, ifThere } from '../aws-account.ts';
import { broken, type Finding, ok, warns } from './finding.ts';

/** A rule of EventBridge that an environment's stack creates. */
interface UsedRule {
  /** The end of its name: `wps-dev-job-changes`. */
  readonly part: string;
  readonly verdict: 'broken' | 'warns';
  /** What fails while the rule does nothing. */
  readonly loss: string;
  /** End of the ARN of what it calls. */
  readonly target: string;
}

/** Rules of an environment. A test compares them with the stack's. */
export function rulesOf(
  { canary }: Pick<Environment, 'canary'>,
  { name, environment }: Pick<AwsAccount, 'name' | 'environment'>,
): readonly UsedRule[] {
  const follows = `:function:${name('job-events')}:${environment}`;
  const log = (part: string) => `:log-group:/aws/events/${name(part)}`;
  return [
    {
      part: 'job-changes',
      verdict: 'broken',
      loss: 'statuses of jobs are late by minutes, and mails and callbacks with them',
      target: follows,
    },
    {
      part: 'job-sweep',
      verdict: 'broken',
      loss: 'a job whose events were lost keeps its old status until somebody asks for it',
      target: follows,
    },
    {
      part: 'failed-jobs',
      verdict: 'warns',
      loss: 'failed jobs are not recorded',
      target: log('failed-jobs'),
    },
    {
      part: 'blocked-queues',
      verdict: 'warns',
      loss: 'no alarm goes off for a stuck queue',
      target: log('blocked-queues'),
    },
    ...(canary
      ? [
          {
            part: 'canary',
            verdict: 'warns',
            loss: 'the canary does not run',
            target: `:function:${name('canary')}`,
          } as const,
        ]
      : []),
  ];
}

/** Checks that each rule of EventBridge exists, is enabled and calls what it should. */
export async function checkRules(
  account: AwsAccount,
  environment: Pick<Environment, 'canary'>,
): Promise<readonly Finding[]> {
  return await Promise.all(rulesOf(environment, account).map((rule) => checkRule(account, rule)));
}

async function checkRule(
  account: AwsAccount,
  { part, verdict, loss, target }: UsedRule,
): Promise<Finding> {
  const { events, environment } = account;
  const Name = account.name(part);
  const subject = `rule ${Name}`;
  const deploy = `npx cdktf deploy ${environment}`;
  const fault = (what: string, mend: string) =>
    (verdict === 'broken' ? broken : warns)(subject, `${what}: ${loss}`, mend);
  const rule: DescribeRuleResponse | undefined = await ifThere(
    events.send(new DescribeRuleCommand({ Name })),
    'ResourceNotFoundException',
  );
  if (!rule) return fault('it is not there', deploy);
  if (rule.State === 'DISABLED') {
    return fault('it is disabled', `aws events enable-rule --name ${Name}`);
  }
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
  const calls = Targets.map(({ Arn = '' }) => Arn.replace(/:\*$/, ''));
  return calls.some((arn) => arn.endsWith(target))
    ? ok(subject, 'it is enabled and calls its target')
    : fault(`it does not call ${target.slice(1)}`, deploy);
}
