import type { Job, Presentation } from '../../../batch-jobs/api/job.ts';

/** The name of this protocol in job records. */
export const protocolName = 'wps-1.0';

/** The properties of a job that only WPS 1.0.0 has (OGC 05-007r7, tables 48 and 49). */
export interface ResponsePresentation extends Presentation {
  readonly protocol: typeof protocolName;
  /** `storeExecuteResponse`: the client receives the status location at once. */
  readonly store: boolean;
  /** `status`: the status document shows progress; without it, it shows nothing until the job has ended. */
  readonly status: boolean;
  /** The status document repeats inputs and requested outputs. */
  readonly lineage: boolean;
  /** The response is the single output itself, without an ExecuteResponse document. */
  readonly raw: boolean;
}

/** A job of another protocol is presented as if its client had asked to follow it. */
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
