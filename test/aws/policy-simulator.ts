import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { emulatedAccount, emulatedRegion } from './emulator.ts';

/**
 * `SimulatePrincipalPolicy`, which the emulator lacks. It evaluates a role's inline policies, as the emulator
 * stores them, with an implementation of IAM's rules.
 *
 * @param body of the call: a form, as in the query protocol of AWS
 * @returns the answer's XML; undefined for any other call
 */
export async function simulatedPolicies(
  emulator: string,
  body: string,
): Promise<string | undefined> {
  const form = new URLSearchParams(body);
  if (form.get('Action') !== 'SimulatePrincipalPolicy') return undefined;
  const role = form.get('PolicySourceArn') ?? '';
  const [resource = '*'] = members(form, 'ResourceArns.member');
  const identityPolicies = await policiesOf(emulator, role.split('/').at(-1) ?? '');
  const names = members(form, 'ContextEntries.member', '.ContextKeyName');
  const values = members(form, 'ContextEntries.member', '.ContextKeyValues.member.1');
  const results: string[] = [];
  for (const action of members(form, 'ActionNames.member')) {
    const answer = await runSimulation(
      {
        request: {
          principal: role,
          action,
          resource: { resource, accountId: emulatedAccount },
          contextVariables: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])),
        },
        identityPolicies,
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: undefined,
      },
      {},
    );
    const isAllowed = answer.resultType !== 'error' && answer.overallResult === 'Allowed';
    results.push(
      `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${resource}</EvalResourceName><EvalDecision>${isAllowed ? 'allowed' : 'implicitDeny'}</EvalDecision></member>`,
    );
  }
  return `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${results.join('')}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`;
}

/** Values of a list in the form, by their positions. */
function members(form: URLSearchParams, list: string, end = ''): readonly string[] {
  const found: string[] = [];
  for (let at = 1; form.has(`${list}.${at}${end}`); at++) {
    found.push(form.get(`${list}.${at}${end}`) ?? '');
  }
  return found;
}

async function policiesOf(endpoint: string, RoleName: string) {
  const iam = new IAMClient({
    endpoint,
    region: emulatedRegion,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  });
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  return await Promise.all(
    PolicyNames.map(async (name) => {
      const { PolicyDocument = '' } = await iam.send(
        new GetRolePolicyCommand({ RoleName, PolicyName: name }),
      );
      return { name, policy: JSON.parse(decodeURIComponent(PolicyDocument)) };
    }),
  );
}
