import { namespaces } from '../ows/namespaces.ts';
import { OwsException } from '../ows/ows-exception.ts';

interface Detail {
  readonly message: string;
  readonly line: number;
}

const required = /attribute '([^']+)' is required but missing/;
const missingChild = /Missing child element\(s\)/;
const onlyChild = /Missing child element\(s\)\. Expected is \( ([^\s,]+)/;

/** What the schema validator found first, as an exception that names what is at fault. */
export function schemaFault(details: readonly Detail[]): OwsException {
  const [{ message, line } = { message: 'The request is not valid.', line: 1 }] = details;
  const readable = withPrefixes(message.trim());
  // Of several that may follow any may be left out; then the element that lacks one is named.
  const missing = (required.exec(readable) ?? onlyChild.exec(readable))?.[1];
  const atFault = /attribute '([^']+)'/.exec(readable) ?? /Element '([^']+)'/.exec(readable);
  const locator = (missing ?? atFault?.[1])?.replace(/^.*[:}]/, '');
  return new OwsException(
    missing || missingChild.test(readable) ? 'MissingParameterValue' : 'InvalidParameterValue',
    `The request is not valid at line ${line}: ${readable}`,
    locator === undefined ? {} : { locator },
  );
}

/** `{http://www.opengis.net/wps/1.0.0}Input` as people write it: `wps:Input`. */
function withPrefixes(message: string): string {
  return Object.entries(namespaces).reduce(
    (text, [prefix, uri]) => text.replaceAll(`{${uri}}`, `${prefix}:`),
    message,
  );
}
