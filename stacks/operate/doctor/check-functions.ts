import {
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import type { ReleaseRecord } from '../../constructs/release.ts';
import { type AwsAccount, ifThere } from '../aws-account.ts';
import { broken, type Finding, ok } from './finding.ts';

const missing = 'ResourceNotFoundException';

/** What calls each function, and what fails where it may not. */
const callers = {
  requests: {
    service: 'apigateway.amazonaws.com',
    name: 'API Gateway',
    loss: 'each request gets HTTP 500',
  },
  'job-events': {
    service: 'events.amazonaws.com',
    name: 'EventBridge',
    loss: 'the states of jobs are late',
  },
} as const;

/** Checks that each function's alias exists, runs the release and may be called. */
export async function checkFunctions(
  account: AwsAccount,
  release: ReleaseRecord | undefined,
): Promise<readonly Finding[]> {
  const parts = ['requests', 'job-events'] as const;
  return (await Promise.all(parts.map((part) => checkFunction(account, part, release)))).flat();
}

async function checkFunction(
  account: AwsAccount,
  part: 'requests' | 'job-events',
  release: ReleaseRecord | undefined,
): Promise<readonly Finding[]> {
  const { lambda, environment } = account;
  const FunctionName = account.name(part);
  const subject = `function ${FunctionName}`;
  const mend = `npx cdktf deploy ${environment}`;
  const alias = await ifThere(
    lambda.send(new GetAliasCommand({ FunctionName, Name: environment })),
    missing,
  );
  const version = alias?.FunctionVersion;
  if (version === undefined) {
    return [broken(subject, `the function or its alias ${environment} is not there`, mend)];
  }
  const found: Finding[] = [];
  const {
    CodeSha256,
    State = 'Active',
    StateReason,
  } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: version }));
  const wanted = release?.functions;
  if (wanted && CodeSha256 !== wanted.sha256) {
    const right = await versionWith(account, FunctionName, wanted.sha256);
    found.push(
      broken(
        subject,
        `alias ${environment} is at version ${version}, which is not the release’s code (commit ${wanted.commit})`,
        right === undefined
          ? mend
          : `aws lambda update-alias --function-name ${FunctionName} --name ${environment} --function-version ${right}`,
      ),
    );
  }
  if (State !== 'Active' && State !== 'Inactive') {
    found.push(broken(subject, `version ${version} is ${State}: ${StateReason ?? ''}`, mend));
  }
  const { ReservedConcurrentExecutions: reserved } = await lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName }),
  );
  if (reserved === 0) {
    found.push(
      broken(subject, 'no executions are reserved for it, so each call is throttled', mend),
    );
  }
  const policy = await ifThere(
    lambda.send(new GetPolicyCommand({ FunctionName, Qualifier: environment })),
    missing,
  );
  const { service, name, loss } = callers[part];
  if (!policy?.Policy?.includes(service)) {
    found.push(broken(subject, `${name} may not call alias ${environment}: ${loss}`, mend));
  }
  if (found.length > 0) return found;
  return [ok(subject, `alias ${environment} runs version ${version}, the release’s code`)];
}

async function versionWith(
  { lambda: client }: AwsAccount,
  FunctionName: string,
  sha256: string,
): Promise<string | undefined> {
  let newest: string | undefined;
  for await (const { Versions = [] } of paginateListVersionsByFunction(
    { client },
    { FunctionName },
  )) {
    for (const { Version, CodeSha256 } of Versions) {
      if (Version !== '$LATEST' && CodeSha256 === sha256) newest = Version;
    }
  }
  return newest;
}
