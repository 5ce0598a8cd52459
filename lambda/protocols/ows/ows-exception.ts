import { type FaultKind, ServiceFault } from '../../service-fault.ts';

/**
 * The exception codes that the service uses, of OWS Common 1.1 (OGC 06-121r3, table 25) and WPS 1.0.0 (OGC
 * 05-007r7, clause 10.3).
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

/** HTTP status of an exception report by its code; existing clients handle 400 best. */
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

/** The kind of fault behind a code, for operations, which know no protocol. */
const kinds: Readonly<Record<OwsExceptionCode, FaultKind>> = {
  MissingParameterValue: 'missing-input',
  InvalidParameterValue: 'invalid-value',
  VersionNegotiationFailed: 'unsupported-operation',
  OperationNotSupported: 'unsupported-operation',
  NoApplicableCode: 'internal',
  NotEnoughStorage: 'storage-full',
  ServerBusy: 'busy',
  FileSizeExceeded: 'too-large',
};

/**
 * A fault in OWS terms, for faults that only the decoder of an OGC web service can know. Becomes an
 * `ows:ExceptionReport`.
 */
export class OwsException extends ServiceFault {
  override readonly name = 'OwsException';
  readonly code: OwsExceptionCode;
  readonly httpStatus: number;
  /** Headers that the status requires. */
  readonly httpHeaders: Readonly<Record<string, string>>;

  constructor(
    code: OwsExceptionCode,
    text: string,
    options: {
      locator?: string | undefined;
      httpStatus?: number;
      httpHeaders?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super(kinds[code], text, {
      ...(options.locator ? { subject: options.locator } : {}),
      cause: options.cause,
    });
    this.code = code;
    this.httpStatus = options.httpStatus ?? defaultHttpStatus[code];
    this.httpHeaders = options.httpHeaders ?? {};
  }

  /** The parameter or identifier at fault. */
  get locator(): string | undefined {
    return this.subject;
  }
}
