import { shippedData } from '../../../environments/index.ts';
import { parseInstallation } from '../../../environments/installation.ts';
import { accountFacts } from '../../preflight/account-facts.ts';
import { preflight } from '../../preflight/preflight.ts';
import type { AwsAccount } from '../aws-account.ts';
import { recordedReleases } from '../release-records.ts';
import type { EnvironmentTarget } from '../target.ts';
import { checkBuckets } from './check-buckets.ts';
import { readConfiguration } from './check-configuration.ts';
import { checkFunctions } from './check-functions.ts';
import { checkContainerImages, checkMachineImage, processDefinitions } from './check-images.ts';
import { checkLogs } from './check-logs.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkQueues } from './check-queues.ts';
import { checkRules } from './check-rules.ts';
import { broken, type Check, type Finding, ok, unknown } from './finding.ts';

/** Quotas that a running environment can reach; the rest of preflight is for a first deployment. */
const quotas = [
  'on-demand vCPUs',
  'Spot vCPUs',
  'Fargate vCPUs',
  'Fargate Spot vCPUs',
  'Lambda concurrency',
];

/** The checks of an environment, in order: later checks need results of earlier ones. */
export async function environmentChecks(
  { environment, installation, shared }: EnvironmentTarget,
  account: AwsAccount,
): Promise<readonly Check[]> {
  const { name } = environment;
  const history = await recordedReleases(account);
  const [recorded] = history;
  const shipped = parseInstallation(shippedData).environments.find((each) => each.name === name);
  const { take } = environment.release;
  const releases = { takes: { shipped: shipped?.release.take ?? take, pinned: take }, history };
  const { configuration, findings } = await readConfiguration(account);
  const recordsRelease: Check = {
    name: 'release',
    run: async () => [
      recorded
        ? ok('release', `version ${recorded.version}, commit ${recorded.release.functions.commit}`)
        : broken(
            'release',
            `${name} has recorded none: its deployment never ended`,
            `npx cdktf deploy ${name}`,
          ),
    ],
  };
  const always: readonly Check[] = [
    { name: 'configuration', run: async () => findings },
    { name: 'functions', run: () => checkFunctions(account, recorded?.release) },
    { name: 'rules', run: () => checkRules(account, environment) },
    { name: 'machine image', run: () => checkMachineImage(account, releases) },
    { name: 'quotas', run: () => checkQuotas({ installation, shared }) },
  ];
  if (!configuration) return [recordsRelease, ...always];
  const definitions = processDefinitions(account, configuration);
  definitions.catch(() => undefined);
  return [
    recordsRelease,
    // A missing image comes first: without it no deployment can be planned.
    {
      name: 'container images',
      run: async () => checkContainerImages(account, await definitions, releases),
    },
    ...always,
    { name: 'buckets', run: () => checkBuckets(account, configuration) },
    { name: 'logs', run: async () => checkLogs(account, await definitions) },
    { name: 'queues', run: () => checkQueues(account, configuration) },
    {
      name: 'permissions',
      run: async () => checkPermissions(account, configuration, await definitions),
    },
    { name: 'endpoint', run: () => checkEndpoint(configuration.baseUrl, account.name('requests')) },
  ];
}

async function checkQuotas({
  installation,
  shared,
}: Pick<EnvironmentTarget, 'installation' | 'shared'>): Promise<readonly Finding[]> {
  const account = installation.accounts.find((each) => each.shared === shared);
  if (!account) return [];
  const facts = await accountFacts(shared.account.region);
  return preflight(account, facts)
    .filter(({ subject }) => quotas.includes(subject))
    .map(({ kind, subject, message }) =>
      kind === 'blocks'
        ? broken(subject, message, 'npm run operate -- preflight')
        : { subject, verdict: kind, message },
    );
}

/**
 * Checks that the service answers from here; a firewall or unknown host name here is not a fault of the
 * service.
 */
async function checkEndpoint(baseUrl: string, requests: string): Promise<readonly Finding[]> {
  const url = `${baseUrl}wps?service=WPS&request=GetCapabilities`;
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    // Without the credentials that the API requires, a refusal counts as an answer.
    return [
      status < 500
        ? ok('endpoint', `${url} answers with HTTP ${status}`)
        : broken(
            'endpoint',
            `${url} answers with HTTP ${status}`,
            `aws logs tail /aws/lambda/${requests} --since 10m`,
          ),
    ];
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return [
      unknown(
        'endpoint',
        `${baseUrl} does not answer from here (${cause instanceof Error ? cause.message : String(cause)})`,
      ),
    ];
  }
}
