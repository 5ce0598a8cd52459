import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { ServiceParts } from '../service-parts.ts';

/** Processes on offer: those of the catalogue that the configuration says can run here. */
export function offeredProcesses({
  catalogue,
  configuration,
}: Pick<ServiceParts, 'catalogue' | 'configuration'>): readonly ProcessDescription[] {
  return catalogue.filter((process) => configuration.processes.includes(process.identifier));
}
