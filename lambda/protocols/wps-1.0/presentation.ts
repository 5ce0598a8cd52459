import type { Job, Presentation } from '../../../batch-jobs/api/job.ts';

/** The name of this protocol in job records. */
export const protocolName = 'wps-1.0';

/** What only WPS 1.0.0 has of a job (OGC 05-007r7, tables 48 and 49). */
export interface ResponsePresentation extends Presentation {
  readonly protocol: typeof protocolName;
  /** `storeExecuteResponse`: the client is told the status location at once. */
  readonly store: boolean;
  /** `status`: the status document shows progress; without it, nothing until the job has ended. */
  readonly status: boolean;
  /** The status document repeats inputs and requested outputs. */
  readonly lineage: boolean;
  /** Answered without an ExecuteResponse document: the one output itself. */
  readonly raw: boolean;
}

/** A job that came by another protocol is shown as one whose client asked to follow it. */
export function presentationOf({ presentation }: Pick<Job, 'presentation'>): ResponsePresentation {
  const { protocol, store, status, lineage, raw } = presentation;
  const isOwn = protocol === protocolName;
  return {
    protocol: protocolName,
    store: isOwn ? store === true : true,
    status: isOwn ? status === true : true,
    lineage: isOwn && lineage === true,
    raw: isOwn && raw === true,
  };
}
