import type { JobRequirements } from './process-description.ts';
import { runnerVariables } from './runner-variables.ts';

/** Variables that programs of any kind expect: language, folders, certificates and proxies. */
const general = new Set([
  'PATH',
  'HOME',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  runnerVariables.mark,
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
    name,
    name.toLowerCase(),
  ]),
]);

/**
 * Whether a process's command receives a variable of the container, or of the machine in embedded mode. It
 * receives the general variables, those that its description names, and those of the AWS SDKs if it calls
 * AWS.
 */
export function reachesCommand(
  name: string,
  { variables = [], callsAws = false }: Pick<JobRequirements, 'variables' | 'callsAws'>,
): boolean {
  if (general.has(name) || name.startsWith('LC_') || variables.includes(name)) return true;
  return callsAws && name.startsWith('AWS_') && !name.startsWith('AWS_BATCH_');
}
