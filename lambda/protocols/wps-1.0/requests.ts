/**
 * The three WPS 1.0.0 requests, independent of their encoding in KVP or XML.
 *
 * Source: OGC 05-007r7, clauses 8.2 (GetCapabilities), 9.2 (DescribeProcess), 10.2 (Execute).
 */

import type { ExecuteInput, OutputChoice } from '../../operations/execute-command.ts';

export interface GetCapabilitiesRequest {
  readonly operation: 'GetCapabilities';
  /** In the client's order of preference; empty if the client named no version. */
  readonly acceptVersions: readonly string[];
  readonly language?: string;
}

export interface DescribeProcessRequest {
  readonly operation: 'DescribeProcess';
  /** As sent; `ALL` (any case) asks for every process. */
  readonly identifiers: readonly string[];
  readonly language?: string;
}

export interface DocumentOutput extends OutputChoice {
  readonly asReference: boolean;
}

export type ResponseForm =
  | {
      readonly kind: 'document';
      /** If empty, every output in its default format. */
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
