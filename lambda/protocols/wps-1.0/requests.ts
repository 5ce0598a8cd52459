/**
 * The three WPS 1.0.0 requests as the service sees them, whichever way they came: KVP or XML.
 *
 * Source: OGC 05-007r7, clauses 8.2 (GetCapabilities), 9.2 (DescribeProcess), 10.2 (Execute).
 */

import type { Reference, XmlOrText } from '../../../batch-jobs/api/job.ts';

export interface GetCapabilitiesRequest {
  readonly operation: 'GetCapabilities';
  /** In the client's order of preference; empty when it named none. */
  readonly acceptVersions: readonly string[];
  readonly language?: string;
}

export interface DescribeProcessRequest {
  readonly operation: 'DescribeProcess';
  /** As sent; `ALL` (any case) asks for every process. */
  readonly identifiers: readonly string[];
  readonly language?: string;
}

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
      readonly content: XmlOrText;
    })
  | {
      readonly kind: 'bounding-box';
      readonly crs?: string;
      readonly dimensions?: number;
      readonly lower: readonly number[];
      readonly upper: readonly number[];
    }
  | (FormatChoice & Reference & { readonly kind: 'reference' })
  /** From KVP, where only the process description tells which kind a value is. */
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

export interface OutputChoice extends FormatChoice {
  readonly identifier: string;
  readonly uom?: string;
  readonly title?: string;
  readonly abstract?: string;
}

export interface DocumentOutput extends OutputChoice {
  readonly asReference: boolean;
}

export type ResponseForm =
  | {
      readonly kind: 'document';
      /** Empty asks for every output, in its default format. */
      readonly outputs: readonly DocumentOutput[];
      readonly storeExecuteResponse: boolean;
      readonly status: boolean;
      readonly lineage: boolean;
    }
  | { readonly kind: 'raw'; readonly output: OutputChoice };

export interface ExecuteRequest {
  readonly operation: 'Execute';
  readonly identifier: string;
  readonly inputs: readonly ExecuteInput[];
  readonly responseForm: ResponseForm;
  readonly language?: string;
}

export type WpsRequest = GetCapabilitiesRequest | DescribeProcessRequest | ExecuteRequest;
