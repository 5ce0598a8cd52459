import type { Readable } from 'node:stream';

/** An HTTP request, whatever its source. */
export interface ServiceRequest {
  readonly method: string;
  /** As received, percent-encoded: `/stage/wps/jobStatus`. */
  readonly path: string;
  /** As received, without `?`. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** An HTTP response, whatever its destination. */
export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}
