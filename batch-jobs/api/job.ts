/**
 * The job record: the one truth about a job, stored as `jobs/<id>/job.json` (`job-record.ts`). What
 * any protocol tells of a job is derived from it and from its inputs, and from nothing else.
 */

import { jobCostUsd } from './job-cost.ts';
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

/** What a job of each status may become, and the words that go with a change to it. */
const states: Readonly<
  Record<JobStatus, { readonly next: readonly JobStatus[]; readonly message: string }>
> = {
  accepted: {
    next: ['accepted', 'running', 'succeeded', 'failed', 'dismissed'],
    message: 'The job waits to be run.',
  },
  running: {
    next: ['running', 'paused', 'succeeded', 'failed', 'dismissed'],
    message: 'The job starts.',
  },
  paused: {
    next: ['paused', 'running', 'succeeded', 'failed', 'dismissed'],
    message: 'The attempt was cut off; the next attempt follows.',
  },
  succeeded: { next: [], message: 'The outputs are ready.' },
  failed: { next: [], message: 'The job failed.' },
  dismissed: { next: [], message: 'The job was dismissed by the client.' },
};

/** The default words for a status. */
export function defaultMessage(status: JobStatus): string {
  return states[status].message;
}

/** A final status never changes. */
export function isFinal(status: JobStatus): boolean {
  return states[status].next.length === 0;
}

/** Why a job may fail: its inputs, its size, the storage, or the service. */
export type JobFailureKind = 'invalid-value' | 'too-large' | 'storage-full' | 'internal';

export interface JobFailure {
  readonly kind: JobFailureKind;
  /** Words for the user: no paths, no stack traces, no resource names. */
  readonly text: string;
  /** Identifier of the input or output at fault. */
  readonly subject?: string;
}

/** An input as the process gets it; defaults are applied. */
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

/** Bytes, as the text that they are in UTF-8, or in base64 (RFC 4648, clause 4). */
export type InlineValue = { readonly text: string } | { readonly base64: string };

/** Something to be fetched over HTTP. */
export interface Reference {
  readonly href: string;
  readonly method: 'GET' | 'POST';
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly body?: { readonly text: string; readonly mimeType: string };
  /** The body itself is at this URL. */
  readonly bodyReference?: string;
  /** Set by the service where the URL is of an output of its own: it is read from the store, not over HTTP. */
  readonly ownOutput?: OwnOutput;
}

/** An output of another job of this service. */
export interface OwnOutput extends Pick<PublishedOutput, 'attempt' | 'name' | 'size'> {
  readonly jobId: string;
}

/** Where the bytes of a complex input come from. */
export type ComplexSource =
  /** Given in the request. */
  | InlineValue
  /** Fetched before the process starts. */
  | Reference;

export interface JobInput {
  readonly identifier: string;
  /** Given by the client, not filled in from a default. */
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

/** An output that is in the store. */
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
  /** The content itself where the client asked for the value and it is small enough. */
  readonly inline?: InlineValue;
}

/** A request as it came, stored for later questions on what was asked. */
export interface ReceivedRequest {
  readonly body: string | Uint8Array;
  readonly contentType: string;
}

/** What only one protocol has, for that protocol alone to read. */
export interface Presentation {
  /** The protocol that the job came by. */
  readonly protocol: string;
  readonly [key: string]: JsonValue;
}

/** What a job said when something about it changed. */
export interface JobMessage {
  /** Instant, ISO 8601 in UTC. */
  readonly at: string;
  readonly status: JobStatus;
  readonly percentCompleted: number;
  /** Words for the user. */
  readonly text: string;
}

/** Where the client wants to be told how its job gets on: URLs to send a POST to. */
export interface Subscriber {
  readonly successUri?: string;
  readonly inProgressUri?: string;
  readonly failedUri?: string;
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
  /** Words on where the job stands. */
  readonly message: string;
  /** Earlier messages and this one, oldest first; see {@link messagesOf}. */
  readonly messages?: readonly JobMessage[];
  /** 0 to 100. Never goes down within an attempt. */
  readonly percentCompleted: number;
  /** What every URL of the service begins with, ending in `/`: `https://host/stage/`. */
  readonly baseUrl: string;
  /** Of the words for the client (RFC 4646). */
  readonly language: string;
  readonly presentation: Presentation;
  readonly requestedOutputs: readonly RequestedOutput[];
  readonly queue: QueueClass;
  /** Instants, ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly submittedAt?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** When its documents and outputs may be removed. */
  readonly expiresAt?: string;
  /** The engine's name for the job, once submitted. */
  readonly engineJobId?: string;
  /** The attempt that runs or ran last, from 1. */
  readonly attempt?: number;
  /** Engine job that works on it; the runner of any other (a double submission) stops at once. */
  readonly claim?: string;
  readonly outputs: readonly PublishedOutput[];
  readonly failure?: JobFailure;
  /** What the client should know of outputs that are there. */
  readonly warnings?: readonly string[];
  /** Identity of the client that it belongs to; undefined where it has none. */
  readonly owner?: string;
  /** Given by the client to find its jobs again. */
  readonly labels?: readonly string[];
  readonly subscriber?: Subscriber;
  /** What an hour of it costs where it was submitted, in US dollars, estimated; left out, it is not known. */
  readonly usdPerHour?: number;
  /** What it cost, in US dollars, estimated, once it has ended (`job-cost.ts`). */
  readonly costUsd?: number;
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
    | 'warnings'
    | 'expiresAt'
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
  if (!states[job.status].next.includes(status)) {
    throw new IllegalTransition(job.id, job.status, status);
  }
  const message =
    status === job.status ? job.message : (change.failure?.text ?? defaultMessage(status));
  const ended = isFinal(status) && !change.endedAt ? { endedAt: at } : {};
  const changed = { ...job, message, ...change, ...ended, status, updatedAt: at };
  return { ...changed, ...costOf(changed), messages: messagesAfter(job, changed, at) };
}

/** A job that never ran costs nothing. */
function costOf({ status, usdPerHour, startedAt, endedAt }: Job): Pick<Job, 'costUsd'> {
  if (usdPerHour === undefined || endedAt === undefined || !isFinal(status)) return {};
  return { costUsd: startedAt === undefined ? 0 : jobCostUsd({ startedAt, endedAt }, usdPerHour) };
}

/**
 * A job that has ended as its client dismissed it: its outputs are not there any more. No other change of a
 * final status is allowed.
 *
 * @param at instant of the change, ISO 8601 in UTC
 */
export function removedJob({ failure: _, ...job }: Job, at: string): Job {
  const message = 'The job was dismissed by the client, and its outputs were removed.';
  const removed = { ...job, status: 'dismissed' as const, message, outputs: [], updatedAt: at };
  return { ...removed, messages: messagesAfter(job, removed, at) };
}

/** The latest are kept: a process may say any number. */
const mostMessages = 100;

/** What a job has said so far, oldest first. */
export function messagesOf(job: Job): readonly JobMessage[] {
  const { createdAt: at, status, percentCompleted, message: text } = job;
  return job.messages ?? [{ at, status, percentCompleted, text }];
}

function messagesAfter(before: Job, after: Job, at: string): readonly JobMessage[] {
  const messages = messagesOf(before);
  if (after.message === before.message && after.status === before.status) return messages;
  const { status, percentCompleted, message: text } = after;
  return [...messages, { at, status, percentCompleted, text }].slice(-mostMessages);
}
