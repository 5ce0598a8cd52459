/**
 * The job record: the one truth about a job, kept as `jobs/<id>/job.json`. The status document a
 * client reads is derived from it and from nothing else.
 */

import type { Metadata, QueueClass } from './process-description.ts';

/** What JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * Where a job stands. `paused` is a started job whose attempt was cut off (its host was reclaimed,
 * its service restarted) and that waits for the next one.
 */
export const jobStatuses = [
  'accepted',
  'running',
  'paused',
  'succeeded',
  'failed',
  'dismissed',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

const legalTransitions: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  accepted: ['accepted', 'running', 'succeeded', 'failed', 'dismissed'],
  running: ['running', 'paused', 'succeeded', 'failed', 'dismissed'],
  paused: ['paused', 'running', 'succeeded', 'failed', 'dismissed'],
  succeeded: [],
  failed: [],
  dismissed: [],
};

/** A final status never changes. */
export function isFinal(status: JobStatus): boolean {
  return legalTransitions[status].length === 0;
}

/** Exception codes of OWS Common 1.1 (clause 8.3) and WPS 1.0.0 (clause 10.3) a job may fail with. */
export type JobFailureCode =
  | 'NoApplicableCode'
  | 'InvalidParameterValue'
  | 'NotEnoughStorage'
  | 'FileSizeExceeded';

export interface JobFailure {
  readonly code: JobFailureCode;
  /** Words for the user: no paths, no stack traces, no resource names. */
  readonly text: string;
  readonly locator?: string;
}

/** An input as the process gets it and as lineage shows it; defaults are applied. */
export type InputValue =
  | {
      readonly kind: 'literal';
      readonly value: string;
      readonly dataType: string;
      readonly uom?: string;
    }
  | {
      readonly kind: 'complex';
      readonly mimeType: string;
      readonly encoding?: string;
      readonly schema?: string;
      readonly source: ComplexSource;
    }
  | {
      readonly kind: 'bounding-box';
      readonly crs: string;
      readonly lower: readonly number[];
      readonly upper: readonly number[];
    };

/** Content of an XML request: one element with all its namespaces declared, or characters. */
export type XmlOrText = { readonly xml: string } | { readonly text: string };

/** Something to be fetched over HTTP (OGC 05-007r7, clause 10.2.1). */
export interface Reference {
  readonly href: string;
  readonly method: 'GET' | 'POST';
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly body?: XmlOrText;
  /** The body itself lies at this URL. */
  readonly bodyReference?: string;
}

/** Where the bytes of a complex input come from. */
export type ComplexSource =
  /** Given in the request. */
  | XmlOrText
  /** Binary data given in the request. */
  | { readonly base64: string }
  /** Fetched before the process starts. */
  | Reference;

export interface JobInput {
  readonly identifier: string;
  /** Given by the client, not filled in from a default. Lineage shows only these. */
  readonly given: boolean;
  readonly title?: string;
  readonly abstract?: string;
  readonly value: InputValue;
}

/** An output the client asked for, with the format settled. */
export interface RequestedOutput {
  readonly identifier: string;
  readonly kind: 'literal' | 'complex' | 'bounding-box';
  readonly title: string;
  readonly abstract?: string;
  readonly transmission: 'reference' | 'value';
  /** Of a complex output. */
  readonly mimeType?: string;
  readonly encoding?: string;
  readonly schema?: string;
  /** File name ending of the published output, with its dot. */
  readonly extension: string;
  /** Of a literal output. */
  readonly dataType?: string;
  readonly uom?: string;
  /** Of a bounding box output. */
  readonly crs?: string;
}

/** An output that lies in the store. */
export interface PublishedOutput {
  readonly identifier: string;
  /** Last part of its key and of its URL: `<identifier><extension>`, made safe for both. */
  readonly name: string;
  /** The attempt that made it; each has a folder of its own. */
  readonly attempt: number;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string;
  /** What a browser saves it as; the process may choose it. */
  readonly filename: string;
  /**
   * The content itself where the client asked for the value in the document and it is small
   * enough; base64 when the content is not text.
   */
  readonly inline?: XmlOrText | { readonly base64: string };
}

export interface Job {
  readonly id: string;
  readonly process: {
    readonly identifier: string;
    readonly version: string;
    readonly title: string;
    readonly abstract?: string;
    readonly metadata?: readonly Metadata[];
  };
  readonly status: JobStatus;
  /** Words on where the job stands, for the status document. */
  readonly message: string;
  /** 0 to 100. Never goes down within an attempt. */
  readonly percentCompleted: number;
  /** Base of the service's URLs, ending in `/`: `https://host/stage/wps/`. */
  readonly endpoint: string;
  readonly language: string;
  /** `storeExecuteResponse`: the client is told the status location at once. */
  readonly stored: boolean;
  /** `status`: the status document shows progress; without it, nothing until the job has ended. */
  readonly statusUpdates: boolean;
  /** The status document repeats inputs and requested outputs. */
  readonly lineage: boolean;
  /** Answered without an ExecuteResponse document: the one output itself. */
  readonly raw: boolean;
  /** What lineage repeats; empty when the client did not ask for it. Lies in `inputs.json`. */
  readonly inputs: readonly JobInput[];
  readonly requestedOutputs: readonly RequestedOutput[];
  readonly queue: QueueClass;
  /** Instants, ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly submittedAt?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The engine's name for the job, once submitted. */
  readonly engineJobId?: string;
  /** The attempt that runs or ran last, from 1. */
  readonly attempt?: number;
  /** Engine job that works on it; the runner of any other (a double submission) stops at once. */
  readonly claim?: string;
  readonly outputs: readonly PublishedOutput[];
  readonly failure?: JobFailure;
}

/** What a step of a job's life changes. */
export type JobChange = Partial<
  Pick<
    Job,
    | 'status'
    | 'message'
    | 'percentCompleted'
    | 'submittedAt'
    | 'startedAt'
    | 'endedAt'
    | 'engineJobId'
    | 'attempt'
    | 'claim'
    | 'outputs'
    | 'failure'
  >
>;

/** A change that the job's status does not allow, such as any change of a final one. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
  readonly from: JobStatus;
  readonly to: JobStatus;
  constructor(id: string, from: JobStatus, to: JobStatus) {
    super(`job ${id} is ${from} and cannot become ${to}`);
    this.from = from;
    this.to = to;
  }
}

/**
 * The job after a change.
 *
 * @param at instant of the change, ISO 8601 in UTC
 * @throws {IllegalTransition} when the status does not allow it
 */
export function changeJob(job: Job, change: JobChange, at: string): Job {
  const status = change.status ?? job.status;
  if (!legalTransitions[job.status].includes(status)) {
    throw new IllegalTransition(job.id, job.status, status);
  }
  const ended = isFinal(status) && !change.endedAt ? { endedAt: at } : {};
  return { ...job, ...change, ...ended, status, updatedAt: at };
}
