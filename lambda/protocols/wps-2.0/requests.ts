/**
 * The WPS 2.0 requests, independent of their encoding in KVP or XML.
 *
 * Source: OGC 14-065r2, clauses 9.8 (GetCapabilities), 9.9 (DescribeProcess), 9.6 (Execute), 9.7 (GetStatus,
 * GetResult) and 10 (Dismiss).
 */

import type { ExecuteInput, OutputChoice } from '../../operations/execute-command.ts';

export interface GetCapabilitiesRequest {
  readonly operation: 'GetCapabilities';
  /** In the client's order of preference; empty if the client named no version. */
  readonly acceptVersions: readonly string[];
  /** In the client's order of preference; empty if the client named no language. */
  readonly acceptLanguages: readonly string[];
  /** Requested sections of the document; if empty, all. */
  readonly sections: readonly string[];
}

export interface DescribeProcessRequest {
  readonly operation: 'DescribeProcess';
  /** As sent; `ALL` (any case) asks for every process. */
  readonly identifiers: readonly string[];
  readonly language?: string;
}

export interface ExecuteRequest {
  readonly operation: 'Execute';
  readonly identifier: string;
  readonly inputs: readonly ExecuteInput[];
  readonly outputs: readonly OutputChoice[];
  readonly mode: 'sync' | 'async' | 'auto';
  readonly response: 'raw' | 'document';
}

/** A request about one job. */
export interface JobRequest {
  readonly operation: 'GetStatus' | 'GetResult' | 'Dismiss';
  readonly jobId: string;
}

export type WpsRequest =
  | GetCapabilitiesRequest
  | DescribeProcessRequest
  | ExecuteRequest
  | JobRequest;

/** In the order of the capabilities document. */
export const operations = [
  'GetCapabilities',
  'DescribeProcess',
  'Execute',
  'GetStatus',
  'GetResult',
  'Dismiss',
] as const;
