import { domainToASCII } from 'node:url';
import * as z from 'zod/mini';
import type { JobInput } from '../../batch-jobs/api/job.ts';
import type { LiteralInput, ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { checkAll, ServiceFault } from '../service-fault.ts';

/** The most recipients of mail per job. */
export const mostRecipients = 5;

const address = z.email();

/** Inputs that name the recipients of e-mails. */
export function recipientInputs({ inputs }: Pick<ProcessDescription, 'inputs'>): LiteralInput[] {
  return inputs.filter(
    (input): input is LiteralInput =>
      'mail' in input && (input.mail === 'recipients' || input.mail === 'parameters'),
  );
}

/**
 * The recipients of mail about a job, without duplicates. Values look like `a@example.org, b@example.org`, or
 * like `email.to=a@example.org`, which the AODN portal sends. Domains are returned in ASCII (RFC 5891).
 *
 * @param domains that mail may go to: `example.org`, `*.example.org` for all below it, `*` for any
 * @throws {ServiceFault} naming the input of each address at fault as subject
 */
export function checkRecipients(
  process: Pick<ProcessDescription, 'inputs'>,
  inputs: readonly Pick<JobInput, 'identifier' | 'value'>[],
  domains: readonly string[],
): string[] {
  const given = recipientInputs(process).flatMap(({ identifier, mail }) =>
    inputs.flatMap(({ identifier: own, value }) => {
      if (own !== identifier || value.kind !== 'literal') return [];
      const texts = mail === 'parameters' ? parameterValues(value.value) : [value.value];
      return texts
        .flatMap((text) => text.split(/[,;]/))
        .map((text) => text.trim())
        .filter((text) => text !== '')
        .map((text) => ({ identifier, text }));
    }),
  );
  const checked = checkAll(
    given.map(
      ({ identifier, text }) =>
        () =>
          checkAddress(identifier, text, domains),
    ),
  );
  const distinct = [...new Map(checked.map((each) => [each.toLowerCase(), each])).values()];
  if (distinct.length <= mostRecipients) return distinct;
  const [subject] = given.map(({ identifier }) => identifier);
  throw new ServiceFault(
    'invalid-value',
    `Input "${subject}" names ${distinct.length} addresses; allowed: up to ${mostRecipients}.`,
    { subject },
  );
}

/** The values for mail in a text such as `email.to=a@example.org&other=1`. */
function parameterValues(text: string): string[] {
  return text
    .split(/[&\n]/)
    .flatMap((parameter) => /^\s*email\.to\s*=(.*)$/is.exec(parameter)?.[1] ?? []);
}

function checkAddress(identifier: string, text: string, domains: readonly string[]): string {
  const at = text.lastIndexOf('@');
  const domain = domainToASCII(text.slice(at + 1));
  const found = `${text.slice(0, at)}@${domain}`;
  const fault = (allowed: string) =>
    new ServiceFault(
      'invalid-value',
      `Input "${identifier}" is ${JSON.stringify(text.slice(0, 200))}; allowed: ${allowed}.`,
      { subject: identifier },
    );
  if (at < 1 || found.length > 254 || !address.safeParse(found).success) {
    throw fault('an e-mail address such as name@example.org');
  }
  if (!domains.some((pattern) => isOf(domain.toLowerCase(), pattern.toLowerCase()))) {
    throw fault(
      domains.length === 0 ? 'none here' : `addresses of these domains: ${domains.join(', ')}`,
    );
  }
  return found;
}

function isOf(domain: string, pattern: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? domain.endsWith(pattern.slice(1)) : domain === pattern;
}
