import type { ServiceRequest, ServiceResponse } from '../http.ts';
import { encodeExceptionReport } from '../protocols/ows/encode-exception-report.ts';
import { xmlResponse } from '../protocols/ows/xml-response.ts';
import { responseHeaders } from '../response-headers.ts';

export interface LocalAccess {
  /** Hosts, without port, by which the service may be called, besides the machine's own names. */
  readonly allowHosts?: readonly string[];
  /** Origin whose pages may call the service, or `*`. */
  readonly allowOrigin?: string;
}

const ownNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses a request that a page of another site made the user's browser send; undefined for all others. Only
 * programs on this machine reach the service, but a browser is such a program, and any page in it may send
 * requests (and read the responses, if its host name is made to resolve to 127.0.0.1).
 *
 * Source: RFC 9110, clauses 7.4 and 15.5.20; W3C, "Fetch Metadata Request Headers".
 */
export function refuseForeign(
  request: ServiceRequest,
  { allowHosts = [], allowOrigin }: LocalAccess,
): ServiceResponse | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  if (![...ownNames, ...allowHosts.map((allowed) => allowed.toLowerCase())].includes(name)) {
    return refusal(
      request,
      421,
      `The service is not called "${host}" here; see its option --allow-host.`,
    );
  }
  if (isForeignForm(request, origin, host)) {
    return refusal(request, 403, 'Forms of other sites may not call the service.');
  }
  if (allowOrigin === '*') return undefined;
  const isForeign =
    origin === undefined
      ? (site === 'cross-site' || site === 'same-site') && !isLink(request)
      : origin !== allowOrigin && !isSameHost(origin, host);
  return isForeign
    ? refusal(
        request,
        403,
        'Pages of other sites may not call the service; see its option --allow-origin.',
      )
    : undefined;
}

/**
 * Whether a page of another origin sends a request for which the browser asks no permission: a form, or a
 * link that starts a job. A page that may call the service uses scripts, for whose requests the browser asks
 * first (WHATWG Fetch, "CORS-safelisted request-header").
 */
function isForeignForm(request: ServiceRequest, origin: string | undefined, host: string): boolean {
  const {
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'content-type': type = '',
  } = request.headers;
  const isForeign =
    origin === undefined
      ? site === 'cross-site' || site === 'same-site'
      : !isSameHost(origin, host);
  if (!isForeign) return false;
  if (request.method === 'POST') return formTypes.test(type);
  return (mode === 'navigate' || mode === 'no-cors') && !isLink(request);
}

/** Types that a form can send, or a script without asking for permission; including no type. */
const formTypes =
  /^\s*(?:$|;|(?:text\/plain|application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$))/i;

/** Pages, statuses and outputs may be linked from anywhere: reading them starts nothing. */
function isLink({ method, path }: ServiceRequest): boolean {
  return (
    method === 'GET' &&
    /^\/(wps\/(jobStatus|outputs\/.*)|api|conformance|processes(\/[^/]+)?|jobs(\/[^/]+(\/(results(\/[^/]+)?|inputs|log))?)?)?$/.test(
      path,
    )
  );
}

/** Compares default ports too: a page on port 80 does not name its port. */
function isSameHost(origin: string, host: string): boolean {
  const own = `http://${host}`;
  return URL.canParse(origin) && URL.canParse(own) && new URL(origin).host === new URL(own).host;
}

/**
 * A fault in the format that clients of the path expect: an exception report of WPS, or problem details (RFC
 * 9457).
 */
function refusal({ path }: ServiceRequest, status: 403 | 421, text: string): ServiceResponse {
  const title = status === 403 ? 'Forbidden' : 'Misdirected Request';
  const response = /^\/wps(\/|$)/.test(path)
    ? xmlResponse(status, encodeExceptionReport({ code: 'NoApplicableCode', text }, 'en-US'))
    : {
        status,
        headers: { 'content-type': 'application/problem+json' },
        body: JSON.stringify({ type: 'about:blank', title, status, detail: text }, null, 2),
      };
  return { ...response, headers: { ...responseHeaders(undefined), ...response.headers } };
}
