import type { ServiceResponse } from '../../http.ts';
import type { OpenedOutput } from '../../operations/open-output.ts';

/** An output itself: a redirect to a link that opens it for a while, or its content. */
export function outputResponse(opened: OpenedOutput): ServiceResponse {
  const { link, stream } = opened;
  return stream === undefined
    ? { status: 303, headers: { location: link ?? '' }, body: '' }
    : { status: 200, headers: outputHeaders(opened), body: stream };
}

/** What is said of an output before its content. */
export function outputHeaders({ output, size }: Pick<OpenedOutput, 'output' | 'size'>) {
  return {
    'content-type': output.contentType,
    'content-length': String(size),
    // The runner leaves only letters, digits, `.`, `_` and `-` in the name.
    'content-disposition': `attachment; filename="${output.filename}"`,
  };
}
