import type { Job, Presentation } from '../../../batch-jobs/api/job.ts';

/** The name of this protocol in job records. */
export const protocolName = 'wps-2.0';

/** The properties of a job that only WPS 2.0 has (OGC 14-065r2, table 40). */
export interface ResponsePresentation extends Presentation {
  readonly protocol: typeof protocolName;
  /** GetResult returns the single output itself instead of a result document. */
  readonly raw: boolean;
}

/** The result of a job of another protocol is a document. */
export function presentationOf({ presentation }: Pick<Job, 'presentation'>): ResponsePresentation {
  return {
    protocol: protocolName,
    raw: presentation.protocol === protocolName && presentation['raw'] === true,
  };
}
