/**
 * What can be wrong with a request or with the service, independent of any protocol: each protocol maps each
 * kind to its own code and HTTP status.
 */
export type FaultKind =
  | 'unknown-process'
  | 'unknown-input'
  | 'unknown-output'
  | 'missing-input'
  | 'too-many-inputs'
  | 'invalid-value'
  | 'unsupported-format'
  /** The body has a type, charset or encoding that the service does not read. */
  | 'unsupported-media-type'
  /** The process cannot answer as requested: synchronously, asynchronously, by value or by reference. */
  | 'unsupported-mode'
  | 'unknown-job'
  /** There was such a job, but its documents and outputs are no longer stored. */
  | 'expired-job'
  | 'result-not-ready'
  | 'too-large'
  /** The service accepts no more jobs now. */
  | 'busy'
  | 'storage-full'
  /** A resource that the service depends on did not answer in time. */
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
  /** Text for the client: no paths, no stack traces, no resource names. */
  readonly text: string;
}

export interface FaultOptions {
  readonly subject?: string | undefined;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** The response repeats what a client sent; a page of it helps no reader. */
const longestText = 1000;
const longestSubject = 100;

/** More faults tell a client nothing new, and each costs time. */
export const mostFaults = 100;

/**
 * A request that cannot be served, in words for the client. Operations throw it; the protocol of the request
 * encodes it.
 */
export class ServiceFault extends Error {
  override readonly name: string = 'ServiceFault';
  readonly kind: FaultKind;
  readonly subject?: string;
  /** Set if sending the request again may succeed. */
  readonly retryAfterSeconds?: number;
  /** Every fault found in the request; the first is this one. */
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
 * Runs checks that do not depend on each other, and throws their faults together.
 *
 * @returns the result of each check
 * @throws {ServiceFault} the first fault, which lists those of the other checks; any other error is thrown at
 *   once
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

/** Names as they appear in a message: `"a", "b"`. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
