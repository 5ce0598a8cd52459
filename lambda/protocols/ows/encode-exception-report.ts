import { buildXml, type XmlElement } from './build-xml.ts';

/** The content of an `ows:Exception`. */
export interface ExceptionText {
  readonly code: string;
  readonly text: string;
  /** The parameter or identifier at fault. */
  readonly locator?: string | undefined;
}

/** `ows:ExceptionReport` as a separate document (OGC 06-121r3, clause 8). */
export function encodeExceptionReport(exception: ExceptionText, language: string): string {
  return buildXml('ows', 'ExceptionReport', 'ows/1.1.0/owsExceptionReport.xsd', {
    ...exceptionReport(exception, language),
  });
}

/**
 * Attributes and children of `ows:ExceptionReport`, also for a failed job's status.
 *
 * @param version version of the exception reports of OWS Common
 */
export function exceptionReport(
  { code, text, locator }: ExceptionText,
  language: string,
  version = '1.1.0',
): XmlElement {
  return {
    '@version': version,
    '@xml:lang': language,
    'ows:Exception': {
      '@exceptionCode': code,
      '@locator': locator,
      'ows:ExceptionText': text,
    },
  };
}
