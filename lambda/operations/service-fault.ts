/**
 * What can be wrong with a request or with the service, in the terms of no protocol: each protocol
 * has its own code and HTTP status for each kind.
 */
export type FaultKind =
  | 'unknown-process'
  | 'unknown-input'
  | 'unknown-output'
  | 'missing-input'
  | 'too-many-inputs'
  | 'invalid-value'
  | 'unsupported-format'
  /** The body is of a type, charset or encoding that is not read here. */
  | 'unsupported-media-type'
  /** Synchronous, asynchronous, by value or by reference: the process cannot answer that way. */
  | 'unsupported-mode'
  | 'unknown-job'
  /** There was such a job; its documents and outputs are no longer kept. */
  | 'expired-job'
  | 'result-not-ready'
  | 'too-large'
  /** The service takes no more jobs now. */
  | 'busy'
  | 'storage-full'
  /** What the service stands on did not answer while there was time. */
  | 'not-in-time'
  | 'forbidden'
  /** The operation, or the version of the protocol, is not offered. */
  | 'unsupported-operation'
  /** Nothing is served at this path. */
  | 'unknown-resource'
  /** The path is served, but not with this HTTP method. */
  | 'unsupported-method'
  | 'internal';

/** One fault, as {@link ServiceFault.all} lists it. */
export interface Fault {
  readonly kind: FaultKind;
  /** Identifier of the process, input, output or job at fault, or the parameter's name. */
  readonly subject?: string;
  /** Words for the client: no paths, no stack traces, no resource names. */
  readonly text: string;
}

export interface FaultOptions {
  readonly subject?: string;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** What a client sent is repeated in the answer; a page of it helps no reader. */
const longestText = 1000;
const longestSubject = 100;

/** More of them tell a client nothing new, and each costs time. */
export const mostFaults = 100;

/**
 * A request that cannot be served, in words for the client. Operations throw it; the protocol that the
 * request came by answers it.
 */
export class ServiceFault extends Error {
  override readonly name: string = 'ServiceFault';
  readonly kind: FaultKind;
  readonly subject?: string;
  /** When sending the request again may succeed. */
  readonly retryAfterSeconds?: number;
  /** Every fault that was found in the request; the first is this one. */
  readonly all: readonly [Fault, ...Fault[]];

  constructor(
    kind: FaultKind,
    text: string,
    options: FaultOptions = {},
    others: readonly Fault[] = [],
  ) {
    const { subject, retryAfterSeconds, cause } = options;
    super(shortened(text, longestText), cause === undefined ? undefined : { cause });
    this.kind = kind;
    if (subject !== undefined) this.subject = shortened(subject, longestSubject);
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
    this.all = [faultOf(this), ...others];
  }
}

/**
 * Runs checks that do not depend on each other, and throws what they found together.
 *
 * @returns what each check returns
 * @throws {ServiceFault} the first fault, which lists those of the other checks; what is no
 *   `ServiceFault` at once
 */
export function checkAll<T>(checks: Iterable<() => T>): T[] {
  const results: T[] = [];
  const faults: ServiceFault[] = [];
  for (const check of checks) {
    try {
      results.push(check());
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error;
      faults.push(error);
      if (faults.length >= mostFaults) break;
    }
  }
  const [first, ...others] = faults;
  if (!first) return results;
  if (others.length === 0) throw first;
  const { kind, message, subject, retryAfterSeconds, all } = first;
  throw new ServiceFault(
    kind,
    message,
    {
      ...(subject === undefined ? {} : { subject }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      cause: first.cause,
    },
    [...all.slice(1), ...others.flatMap((fault) => fault.all)],
  );
}

function faultOf({ kind, message, subject }: ServiceFault): Fault {
  return { kind, ...(subject === undefined ? {} : { subject }), text: message };
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}

/** Names as they stand in a message: `"a", "b"`. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
