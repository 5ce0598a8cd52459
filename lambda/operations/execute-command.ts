import type {
  InlineValue,
  Presentation,
  ReceivedRequest,
  Reference,
  Subscriber,
} from '../../batch-jobs/api/job.ts';

/** A format asked for or declared; what is left out is for the service to settle. */
export interface FormatChoice {
  readonly mimeType?: string;
  readonly encoding?: string;
  readonly schema?: string;
}

/** Data of an input as it stood in the request, before the process description is known. */
export type InputData =
  | {
      readonly kind: 'literal';
      readonly value: string;
      readonly dataType?: string;
      readonly uom?: string;
    }
  | (FormatChoice & {
      readonly kind: 'complex';
      readonly content: InlineValue;
    })
  | {
      readonly kind: 'bounding-box';
      readonly crs?: string;
      readonly dimensions?: number;
      readonly lower: readonly number[];
      readonly upper: readonly number[];
    }
  | (FormatChoice & Reference & { readonly kind: 'reference' })
  /** Only the process description tells which kind of value it is. */
  | (FormatChoice & {
      readonly kind: 'untyped';
      readonly value: string;
      readonly dataType?: string;
      readonly uom?: string;
    });

export interface ExecuteInput {
  readonly identifier: string;
  readonly title?: string;
  readonly abstract?: string;
  readonly data: InputData;
}

/** An output that the client asks for. */
export interface OutputChoice extends FormatChoice {
  readonly identifier: string;
  readonly uom?: string;
  readonly title?: string;
  readonly abstract?: string;
  /** Left out: by value. */
  readonly transmission?: 'value' | 'reference';
}

/** A request to run a process, whichever protocol it came by. */
export interface ExecuteCommand {
  /** Identifier of the process. */
  readonly process: string;
  readonly inputs: readonly ExecuteInput[];
  /** Empty: every output in its default format. */
  readonly outputs: readonly OutputChoice[];
  /** `auto` leaves it to the service. */
  readonly mode: 'sync' | 'async' | 'auto';
  /** How long a synchronous answer may be waited for; left out, as long as the service waits. */
  readonly waitSeconds?: number;
  /** As asked for (RFC 4647); left out, the service's first. */
  readonly language?: string;
  readonly subscriber?: Subscriber;
  readonly labels?: readonly string[];
  /** Two commands with the same key are one. */
  readonly idempotencyKey?: string;
  readonly presentation: Presentation;
  readonly received: ReceivedRequest;
}
