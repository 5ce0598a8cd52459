/**
 * The requests of WPS 2.0 as their documents have them, by KVP or XML.
 *
 * Source: OGC 14-065r2, clauses 9.8 (GetCapabilities), 9.9 (DescribeProcess), 9.6 (Execute), 9.7
 * (GetStatus, GetResult) and 10 (Dismiss).
 */

import type { ExecuteInput, OutputChoice } from '../../operations/execute-command.ts';

export interface GetCapabilitiesRequest {
  readonly operation: 'GetCapabilities';
  /** In the client's order of preference; empty when it named none. */
  readonly acceptVersions: readonly string[];
  /** In the client's order of preference; empty when it named none. */
  readonly acceptLanguages: readonly string[];
  /** Parts of the document that are wanted; empty asks for all. */
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

/** In the order in which the capabilities list them. */
export const operations = [
  'GetCapabilities',
  'DescribeProcess',
  'Execute',
  'GetStatus',
  'GetResult',
  'Dismiss',
] as const;
