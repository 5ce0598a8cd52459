import type {
  InlineValue,
  Presentation,
  ReceivedRequest,
  Reference,
  Subscriber,
} from '../../batch-jobs/api/job.ts';

/** A format that a client asks for or declares; the service decides what is left out. */
export interface FormatChoice {
  readonly mimeType?: string;
  readonly encoding?: string;
  readonly schema?: string;
}

/** Data of an input as it appears in the request, before the process description is known. */
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
  /** A value whose kind only the process description determines. */
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
  /** If left out, by value. */
  readonly transmission?: 'value' | 'reference';
}

/** A request to run a process, in the terms of no protocol. */
export interface ExecuteCommand {
  /** Identifier of the process. */
  readonly process: string;
  readonly inputs: readonly ExecuteInput[];
  /** If empty, every output in its default format. */
  readonly outputs: readonly OutputChoice[];
  /** With `auto`, the service decides. */
  readonly mode: 'sync' | 'async' | 'auto';
  /** How long the client waits for a synchronous response; if left out, as long as the service does. */
  readonly waitSeconds?: number;
  /** The requested language (RFC 4647); if left out, the service's first. */
  readonly language?: string;
  readonly subscriber?: Subscriber;
  readonly labels?: readonly string[];
  /** Two commands with the same key count as one. */
  readonly idempotencyKey?: string;
  readonly presentation: Presentation;
  readonly received: ReceivedRequest;
}
