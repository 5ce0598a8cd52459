import type { Readable } from 'node:stream';

/** An HTTP request, wherever it came from. */
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

/** An HTTP response, wherever it goes. */
export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}
