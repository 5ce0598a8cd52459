import type { Job, Presentation } from '../../../batch-jobs/api/job.ts';

/** The name of this protocol in job records. */
export const protocolName = 'wps-2.0';

/** What only WPS 2.0 has of a job (OGC 14-065r2, table 40). */
export interface ResponsePresentation extends Presentation {
  readonly protocol: typeof protocolName;
  /** GetResult answers with the one output itself instead of a result document. */
  readonly raw: boolean;
}

/** The result of a job that came by another protocol is a document. */
export function presentationOf({ presentation }: Pick<Job, 'presentation'>): ResponsePresentation {
  return {
    protocol: protocolName,
    raw: presentation.protocol === protocolName && presentation['raw'] === true,
  };
}
