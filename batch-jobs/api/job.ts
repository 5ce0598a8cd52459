/**
 * The job record: the single source of truth about a job, stored as `jobs/<id>/job.json` (`job-record.ts`).
 * Everything that a protocol reports about a job is derived from the record and the job's inputs.
 */

import { jobCostUsd } from './job-cost.ts';
import type { Metadata, QueueClass } from './process-description.ts';

/** What JSON can represent. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * The state of a job. `paused` is a started job whose attempt was interrupted (its host was reclaimed, its
 * service restarted) and that waits for the next attempt.
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

/** What a job of each status may become, and the default message for a change to that status. */
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

/** The default message for a status. */
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
  /** Text for the user: no paths, no stack traces, no resource names. */
  readonly text: string;
  /** Identifier of the input or output at fault. */
  readonly subject?: string;
}

/** An input as the process receives it, with defaults applied. */
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

/** Bytes, as UTF-8 text or in base64 (RFC 4648, clause 4). */
export type InlineValue = { readonly text: string } | { readonly base64: string };

/** Data to fetch over HTTP. */
export interface Reference {
  readonly href: string;
  readonly method: 'GET' | 'POST';
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly body?: { readonly text: string; readonly mimeType: string };
  /** URL of the request body. */
  readonly bodyReference?: string;
  /**
   * Set by the service if the URL refers to one of its own outputs, which is then read from the store, not
   * over HTTP.
   */
  readonly ownOutput?: OwnOutput;
}

/** An output of another job of this service. */
export interface OwnOutput extends Pick<PublishedOutput, 'attempt' | 'name' | 'size'> {
  readonly jobId: string;
}

/** Where the bytes of a complex input come from. */
export type ComplexSource =
  /** Sent in the request. */
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

/** An output that the client asked for, with its format decided. */
export interface RequestedOutput {
  readonly identifier: string;
  readonly kind: 'literal' | 'complex' | 'bounding-box';
  readonly title: string;
  readonly abstract?: string;
  readonly transmission: 'reference' | 'value';
  /** For a complex output. */
  readonly mimeType?: string;
  readonly encoding?: string;
  readonly schema?: string;
  /** File name extension of the published output, with its dot. */
  readonly extension: string;
  /** For a literal output. */
  readonly dataType?: string;
  readonly uom?: string;
  /** For a bounding box output. */
  readonly crs?: string;
}

/** An output that is in the store. */
export interface PublishedOutput {
  readonly identifier: string;
  /** Last part of its key and of its URL: `<identifier><extension>`, made safe for both. */
  readonly name: string;
  /** The attempt that produced it; each attempt has its own folder. */
  readonly attempt: number;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string;
  /** The name under which a browser saves it; the process may choose it. */
  readonly filename: string;
  /** The content itself, if the client asked for the value and it is small enough. */
  readonly inline?: InlineValue;
}

/** A request as received, stored so that people can later see what was asked. */
export interface ReceivedRequest {
  readonly body: string | Uint8Array;
  readonly contentType: string;
}

/** Data of one protocol, which only that protocol reads. */
export interface Presentation {
  /** The protocol that the job was submitted with. */
  readonly protocol: string;
  readonly [key: string]: JsonValue;
}

/** The job's state and message at the time of a change. */
export interface JobMessage {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly status: JobStatus;
  readonly percentCompleted: number;
  /** Text for the user. */
  readonly text: string;
}

/** URLs that receive a POST about the job's progress and end. */
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
  /** Describes the state of the job. */
  readonly message: string;
  /** Earlier messages and this one, oldest first; see {@link messagesOf}. */
  readonly messages?: readonly JobMessage[];
  /** 0 to 100. Never decreases within an attempt. */
  readonly percentCompleted: number;
  /** Common start of all URLs of the service, ending in `/`: `https://host/stage/`. */
  readonly baseUrl: string;
  /** Language of the messages to the client (RFC 4646). */
  readonly language: string;
  readonly presentation: Presentation;
  readonly requestedOutputs: readonly RequestedOutput[];
  readonly queue: QueueClass;
  /** Times, ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly submittedAt?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The engine's ID for the job, once submitted. */
  readonly engineJobId?: string;
  /** The current or last attempt, from 1. */
  readonly attempt?: number;
  /** The engine job that works on it; the runner of any other (a double submission) stops at once. */
  readonly claim?: string;
  readonly outputs: readonly PublishedOutput[];
  readonly failure?: JobFailure;
  /** What the client should know about the available outputs. */
  readonly warnings?: readonly string[];
  /** Identity of the client that owns the job; undefined if the client has none. */
  readonly owner?: string;
  /** Given by the client to find its jobs again. */
  readonly labels?: readonly string[];
  readonly subscriber?: Subscriber;
  /** Estimated cost of one hour where it was submitted, in US dollars; left out if unknown. */
  readonly usdPerHour?: number;
  /** Estimated cost in US dollars, once the job has ended (`job-cost.ts`). */
  readonly costUsd?: number;
}

/** The fields that a step in a job's life may change. */
export type JobChange = Partial<
  Pick<
    Job,
    | 'status'
    | 'message'
    | 'percentCompleted'
    | 'startedAt'
    | 'endedAt'
    | 'engineJobId'
    | 'attempt'
    | 'claim'
    | 'outputs'
    | 'failure'
    | 'warnings'
  >
>;

/** A change that the job's status does not allow, such as any change of a final status. */
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
 * @param at time of the change, ISO 8601 in UTC
 * @throws {IllegalTransition} if the status does not allow the change
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
 * The record of an ended job after its client dismissed it: its outputs no longer exist. No other change of a
 * final status is allowed.
 *
 * @param at time of the change, ISO 8601 in UTC
 */
export function removedJob({ failure: _, ...job }: Job, at: string): Job {
  const message = 'The job was dismissed by the client, and its outputs were removed.';
  const removed = { ...job, status: 'dismissed' as const, message, outputs: [], updatedAt: at };
  return { ...removed, messages: messagesAfter(job, removed, at) };
}

/** Only the latest messages are stored, because a process may send any number. */
const mostMessages = 100;

/** The job's messages so far, oldest first. */
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
