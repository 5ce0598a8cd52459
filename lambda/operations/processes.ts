import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { quoted, ServiceFault } from '../service-fault.ts';
import type { Dependencies } from './dependencies.ts';

type Offer = Pick<Dependencies, 'catalogue' | 'configuration'>;

/**
 * The offered processes: those of the catalogue that, by the configuration, can run here.
 *
 * @throws {ServiceFault} `internal` if there are none: the WPS schemas allow neither capabilities nor process
 *   descriptions without one
 */
export function listProcesses({
  catalogue,
  configuration: { environment, processes },
}: Offer): readonly ProcessDescription[] {
  const offered = catalogue.filter((process) => processes.includes(process.identifier));
  if (offered.length > 0) return offered;
  throw new ServiceFault(
    'internal',
    `No process is configured: the configuration of environment "${environment}" has a job definition for none.`,
  );
}

/**
 * The process with that identifier.
 *
 * @throws {ServiceFault} `unknown-process` if it is not offered
 */
export function describeProcess(identifier: string, offer: Offer): ProcessDescription {
  const offered = listProcesses(offer);
  const process = offered.find((candidate) => candidate.identifier === identifier);
  if (process) return process;
  throw new ServiceFault(
    'unknown-process',
    `Process "${identifier}" is not offered; processes are ${quoted(offered.map((candidate) => candidate.identifier))}.`,
    { subject: identifier },
  );
}
