import { describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { isFargate } from '../../environments/queue-settings.ts';
import { reservedExecutions } from '../../environments/reserved-executions.ts';
import { shared } from '../../environments/shared.ts';
import type { AccountFacts } from '../../stacks/preflight/account-facts.ts';
import { preflight } from '../../stacks/preflight/preflight.ts';

const spacious: AccountFacts = {
  id: '123456789012',
  vpcs: [''],
  vpcQuota: 5,
  onDemandVcpus: 2_000,
  spotVcpus: 2_000,
  fargateVcpus: 2_000,
  fargateSpotVcpus: 2_000,
  concurrentExecutions: 1_000,
  apiGatewayLogRole: '',
  missingServiceRoles: [],
};
const managed = { ...shared, apiAccountRole: 'managed' as const };
const findingsOf = (
  facts: Partial<AccountFacts>,
  settings: object = managed,
  environments = installationData.environments,
) => {
  const [account] = parseInstallation({ shared: settings, environments }).accounts;
  if (!account) throw new Error('the installation has no account');
  const findings = preflight(account, { ...spacious, ...facts });
  return Object.fromEntries(findings.map(({ subject, ...answer }) => [subject, answer]));
};

/** vCPUs that the shipped queues keep running, and their maximum. */
const wanted = (purchase: string) => {
  const queues = parseInstallation(installationData)
    .environments.flatMap((environment) => Object.values(environment.queues))
    .flatMap((queue) => (isFargate(queue) || queue.purchase !== purchase ? [] : [queue]));
  return {
    least: queues.reduce((sum, { minVcpus }) => sum + minVcpus, 0),
    most: queues.reduce((sum, { maxVcpus }) => sum + maxVcpus, 0),
  };
};

describe('preflight', () => {
  it('preflight finds nothing to do in an account with room', () => {
    const kinds = Object.values(findingsOf({})).map(({ kind }) => kind);
    expect(kinds).toEqual(kinds.map(() => 'ok'));
    expect(kinds).toHaveLength(7);
  });

  it('preflight stops in the wrong account', () => {
    const [here] = parseInstallation(installationData).accounts;
    if (!here) throw new Error('the installation has no account');
    const account = { ...here.shared.account, id: '210987654321' };
    const [first] = preflight({ ...here, shared: { ...here.shared, account } }, spacious);
    expect(first).toMatchObject({ subject: 'account', kind: 'blocks' });
    expect(first?.message).toContain('123456789012');
  });

  it.each([
    { vpcs: ['', ''], vpcQuota: 5, kind: 'blocks', adds: 4 },
    { vpcs: [''], vpcQuota: 5, kind: 'ok', adds: 4 },
    { vpcs: ['', '', 'wps-dev-jobs'], vpcQuota: 6, kind: 'ok', adds: 3 },
    { vpcs: ['', '', 'wps-dev-jobs'], vpcQuota: 5, kind: 'blocks', adds: 3 },
  ])(
    'preflight counts existing VPCs, and those that environments add: %j',
    ({ kind, adds, ...facts }) => {
      expect(findingsOf(facts)['VPCs']).toMatchObject({ kind });
      expect(findingsOf(facts)['VPCs']?.message).toContain(`add ${adds}`);
    },
  );

  it.each([
    ['on-demand vCPUs', 'onDemandVcpus', 'on-demand'],
    ['Spot vCPUs', 'spotVcpus', 'spot'],
  ])(
    'preflight compares the quota of %s with what queues keep running and may need',
    (subject, fact, purchase) => {
      const { least, most } = wanted(purchase);
      const kind = (quota: number) => findingsOf({ [fact]: quota })[subject]?.kind;
      expect(kind(most)).toBe('ok');
      expect(kind(most - 1)).toBe('warns');
      expect(kind(least)).toBe('warns');
      if (least > 0) expect(kind(least - 1)).toBe('blocks');
    },
  );

  it.each([
    ['Fargate vCPUs', 'fargateVcpus', 'on-demand'],
    ['Fargate Spot vCPUs', 'fargateSpotVcpus', 'spot'],
  ] as const)(
    'preflight compares the quota of %s with what Fargate queues may need',
    (subject, fact, purchase) => {
      const small = { kind: 'fargate' as const, maxVcpus: 20, purchase };
      const environments = [{ ...dev, queues: { ...dev.queues, small } }];
      const kind = (quota: number) => findingsOf({ [fact]: quota }, managed, environments)[subject];
      expect(kind(20)?.kind).toBe('ok');
      expect(kind(19)).toMatchObject({
        kind: 'warns',
        message: expect.stringMatching(/^19 are allowed, and the queues may want 20 at once/),
      });
      expect(kind(0)?.kind).toBe('warns');
      expect(findingsOf({ [fact]: 0 })).not.toHaveProperty([subject]);
    },
  );

  it('preflight warns of an account that can hardly run functions', () => {
    const kind = (concurrentExecutions: number) =>
      findingsOf({ concurrentExecutions })['Lambda concurrency']?.kind;
    const [account] = parseInstallation(installationData).accounts;
    const needed = reservedExecutions(account?.environments ?? []) + 100;
    expect(kind(1_000)).toBe('ok');
    expect(kind(999)).toBe('warns');
    expect(kind(needed)).toBe('warns');
    expect(kind(needed - 1)).toBe('blocks');
  });

  it.each([
    ['', undefined, 'blocks'],
    ['', 'existing', 'blocks'],
    ['', 'managed', 'ok'],
    ['arn:aws:iam::123456789012:role/theirs', undefined, 'ok'],
    ['arn:aws:iam::123456789012:role/theirs', 'existing', 'ok'],
    ['arn:aws:iam::123456789012:role/theirs', 'managed', 'warns'],
  ])(
    'preflight looks before API Gateway’s log role is set: role "%s", setting %s: %s',
    (role, setting, kind) => {
      const settings = setting === undefined ? shared : { ...shared, apiAccountRole: setting };
      expect(findingsOf({ apiGatewayLogRole: role }, settings)['API Gateway log role']?.kind).toBe(
        kind,
      );
    },
  );

  it('preflight says how to create missing service-linked roles', () => {
    const finding = findingsOf({ missingServiceRoles: ['spot.amazonaws.com'] });
    expect(finding['service-linked roles']).toMatchObject({
      kind: 'warns',
      message: expect.stringContaining('--aws-service-name spot.amazonaws.com'),
    });
  });

  it('preflight continues if a call is refused, and says which', () => {
    const finding = findingsOf({ vpcQuota: { unknown: 'AccessDenied: no' } });
    expect(finding['VPCs']).toEqual({
      kind: 'unknown',
      message: 'could not be asked (AccessDenied: no)',
    });
    expect(finding['Spot vCPUs']?.kind).toBe('ok');
  });
});
