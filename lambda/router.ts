import { LinearRouter } from 'hono/router/linear-router';
import Negotiator from 'negotiator';
import type { Configuration } from './configuration/configuration.ts';
import type { ServiceRequest } from './http.ts';
import type { Handler, Protocol, Route } from './route.ts';
import { ServiceFault } from './service-fault.ts';
import { singleValue } from './single-value.ts';

/** How to answer a request. */
export interface Match {
  /** Answers its faults. */
  readonly protocol: Protocol;
  /** Undefined if no route matches. */
  readonly operation?: string;
  /** Methods that the path supports. */
  readonly allowed: readonly string[];
  /** Throws if no route matches. */
  readonly handle: Handler;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Candidate {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The configuration that routing depends on. */
export type RouterConfiguration = Pick<Configuration, 'baseUrl' | 'wpsVersion'>;

/** The service's own path may follow as many segments as a base path can have. */
const mostBaseSegments = 8;

/** Finds the route of a request; if several match, the order of the table decides. */
export class Router {
  readonly #table: LinearRouter<Route> = new LinearRouter();
  readonly #fallback: Protocol;
  /** For each path without parameters, its candidates, once it has been looked up. */
  readonly #fixed: Map<string, readonly Candidate[]>;

  /** @param fallback answers if no route matches */
  constructor(routes: readonly Route[], fallback: Protocol) {
    this.#fallback = fallback;
    for (const route of routes) this.#table.add('ALL', route.path, route);
    const fixed = routes.map(({ path }) => path).filter((path) => !/[:*]/.test(path));
    this.#fixed = new Map(fixed.map((path) => [path, []]));
  }

  /** @param configuration the path of its base URL may be absent from the path of the request */
  match(request: ServiceRequest, configuration: RouterConfiguration): Match {
    const candidates = this.#candidates(request.path, configuration.baseUrl);
    const [first] = candidates;
    if (!first) return refusal(this.#fallback, unknownResource(request.path));
    const allowed = [...new Set(candidates.map(({ route }) => route.method))];
    const served = withMethod(candidates, request.method);
    if (served.length === 0) {
      return refusal(first.route.protocol, unknownMethod(request, allowed), allowed);
    }
    try {
      const { route, parameters } = choose(served, request, configuration);
      const { protocol, operation, handle } = route;
      return { protocol, operation, allowed, handle, parameters: decoded(parameters) };
    } catch (error) {
      return refusal(first.route.protocol, error, allowed);
    }
  }

  #candidates(path: string, baseUrl: string): readonly Candidate[] {
    for (const own of ownPaths(path, baseUrl)) {
      const found = this.#candidatesAt(own);
      if (found.length > 0) return found;
    }
    return [];
  }

  #candidatesAt(own: string): readonly Candidate[] {
    const known = this.#fixed.get(own);
    if (known && known.length > 0) return known;
    const [matched] = this.#table.match('ALL', own);
    const found = matched.map(([route, parameters]) => ({
      route,
      parameters: parameters as Record<string, string>,
    }));
    if (known) this.#fixed.set(own, found);
    return found;
  }
}

/**
 * Candidates for the path below the base path. A stage or a domain's base path may precede it; some gateways
 * pass that prefix on, others remove it.
 */
function* ownPaths(path: string, baseUrl: string): Iterable<string> {
  const base = basePath(baseUrl);
  if (path.startsWith(base)) yield `/${path.slice(base.length)}`;
  if (`${path}/` === base) yield '/';
  yield path;
  let start = path.indexOf('/', 1);
  for (let skipped = 0; start > 0 && skipped < mostBaseSegments; skipped++) {
    const rest = path.slice(start);
    // Slashes at the end of a path do not make it the service's root.
    if (!/^\/+$/.test(rest)) yield rest;
    start = path.indexOf('/', start + 1);
  }
}

/** Avoids `new URL`, which would take longer than all other steps of routing. */
function basePath(baseUrl: string): string {
  return /^https?:\/\/[^/?#]+(\/[^?#]*)/i.exec(baseUrl)?.[1] ?? '/';
}

function withMethod(candidates: readonly Candidate[], method: string): readonly Candidate[] {
  const served = candidates.filter(({ route }) => route.method === method);
  if (served.length > 0 || method !== 'HEAD') return served;
  return candidates.filter(({ route }) => route.method === 'GET');
}

/** Of routes that several protocols share, the one that the client means. */
function choose(
  served: readonly Candidate[],
  request: ServiceRequest,
  configuration: RouterConfiguration,
): Candidate {
  const recognised = served.filter(
    ({ route }) => route.protocol.recognises?.(request, configuration) ?? true,
  );
  const [first, ...others] = recognised.length > 0 ? recognised : served;
  if (!first) throw new Error('a route is chosen of none');
  const { representation } = first.route.protocol;
  return representation || others.length > 0 ? byRepresentation(first, others, request) : first;
}

function byRepresentation(
  first: Candidate,
  others: readonly Candidate[],
  { query, headers }: ServiceRequest,
): Candidate {
  const all = [first, ...others];
  const offered = all.flatMap(({ route }) => route.protocol.representation ?? []);
  const f = singleValue(new URLSearchParams(query), 'f');
  if (f) {
    const asked = all.find(({ route }) => route.protocol.representation?.f === f.toLowerCase());
    if (asked) return asked;
    throw new ServiceFault(
      'invalid-value',
      `Parameter "f" is "${f}"; allowed: ${offered.map((representation) => representation.f).join(', ')}.`,
      { subject: 'f' },
    );
  }
  const preferred = new Negotiator({ headers: { accept: headers['accept'] } }).mediaType(
    offered.map(({ mediaType }) => mediaType),
  );
  return all.find(({ route }) => route.protocol.representation?.mediaType === preferred) ?? first;
}

function decoded(parameters: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch (cause) {
    throw new ServiceFault('unknown-resource', 'The path is not percent-encoded UTF-8.', { cause });
  }
}

function refusal(protocol: Protocol, error: unknown, allowed: readonly string[] = []): Match {
  return {
    protocol,
    allowed,
    handle: () => Promise.reject(error),
    parameters: {},
  };
}

function unknownResource(path: string): ServiceFault {
  return new ServiceFault('unknown-resource', `Nothing is served at "${path}".`);
}

function unknownMethod({ method }: ServiceRequest, allowed: readonly string[]): ServiceFault {
  return new ServiceFault(
    'unsupported-method',
    `HTTP method ${method} is not served here; allowed: ${allowed.join(', ')}.`,
    { subject: method },
  );
}
