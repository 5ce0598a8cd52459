/**
 * Exception codes that the service has use for, of OWS Common 1.1 (OGC 06-121r3, table 25) and WPS 1.0.0
 * (OGC 05-007r7, clause 10.3).
 */
export type OwsExceptionCode =
  | 'MissingParameterValue'
  | 'InvalidParameterValue'
  | 'VersionNegotiationFailed'
  | 'OperationNotSupported'
  | 'NoApplicableCode'
  | 'NotEnoughStorage'
  | 'ServerBusy'
  | 'FileSizeExceeded';

/** HTTP statuses an exception report is sent with; 400 is what real clients read best. */
const defaultHttpStatus: Readonly<Record<OwsExceptionCode, number>> = {
  MissingParameterValue: 400,
  InvalidParameterValue: 400,
  VersionNegotiationFailed: 400,
  OperationNotSupported: 501,
  NoApplicableCode: 500,
  NotEnoughStorage: 503,
  ServerBusy: 503,
  FileSizeExceeded: 400,
};

/** A request that cannot be served, in words for the client; becomes an `ows:ExceptionReport`. */
export class OwsException extends Error {
  override readonly name = 'OwsException';
  readonly code: OwsExceptionCode;
  /** The parameter or identifier at fault. */
  readonly locator: string | undefined;
  readonly httpStatus: number;
  /** Headers that the status demands. */
  readonly httpHeaders: Readonly<Record<string, string>>;

  constructor(
    code: OwsExceptionCode,
    text: string,
    options: {
      locator?: string;
      httpStatus?: number;
      httpHeaders?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super(
      shortened(text, 1000),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.locator = options.locator && shortened(options.locator, 100);
    this.httpStatus = options.httpStatus ?? defaultHttpStatus[code];
    this.httpHeaders = options.httpHeaders ?? {};
  }
}

/** What a client sent comes back in the report; a page of it helps nobody. */
function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
