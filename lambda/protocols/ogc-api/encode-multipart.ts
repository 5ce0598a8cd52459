/** A part of a multipart message: bytes, or their location. */
export interface Part {
  /** Identifier of the output; becomes the part's `Content-ID`. */
  readonly identifier: string;
  readonly contentType: string;
  readonly content: Uint8Array | { readonly location: string };
}

const lineEnd = '\r\n';

/**
 * Several outputs as one message, `multipart/related` (RFC 2387; OGC 18-062r2, clause 7.11.4, requirements 31
 * and 32). A part by reference has its URL as `Content-Location`, and no content.
 *
 * @param boundary separates the parts; must be random, so that it occurs in no content
 */
export function encodeMultipart(
  parts: readonly Part[],
  boundary: string,
): { readonly contentType: string; readonly body: Uint8Array } {
  const pieces = parts.flatMap(({ identifier, contentType, content }) => {
    const isReference = 'location' in content;
    const fields = [
      `Content-Type: ${contentType}`,
      `Content-ID: <${encodeURIComponent(identifier)}>`,
      ...(isReference
        ? [`Content-Location: ${content.location}`]
        : ['Content-Transfer-Encoding: binary', `Content-Length: ${content.length}`]),
    ];
    const head = [`--${boundary}`, ...fields, '', ''].join(lineEnd);
    return [
      Buffer.from(head),
      ...(isReference ? [] : [Buffer.from(content)]),
      Buffer.from(lineEnd),
    ];
  });
  const [first] = parts;
  const type = first?.contentType.replace(/\s*;.*$/, '') ?? 'application/octet-stream';
  return {
    contentType: `multipart/related; type="${type}"; boundary="${boundary}"`,
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--${lineEnd}`)]),
  };
}
