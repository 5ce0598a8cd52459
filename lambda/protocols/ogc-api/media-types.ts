import type { Format } from '../../../batch-jobs/api/process-description.ts';

/** JSON, or a type built on it (RFC 6839, clause 3.1). */
export function isJsonType(mediaType: string): boolean {
  return /^(application|text)\/([\w.!#$&^-]+\+)?json\s*(;|$)/i.test(mediaType);
}

/** Whether values of the format are text: JSON strings hold text unchanged and other values as base64. */
export function isTextFormat({ mimeType, encoding }: Format): boolean {
  if (encoding?.toLowerCase() === 'base64') return false;
  return isTextType(mimeType);
}

/** Text of any kind, including XML and types built on it (RFC 7303). */
export function isTextType(mediaType: string): boolean {
  return (
    isJsonType(mediaType) ||
    /^text\//i.test(mediaType) ||
    /^application\/([\w.!#$&^-]+\+)?(xml|yaml|javascript)\s*(;|$)/i.test(mediaType)
  );
}
