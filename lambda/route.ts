import type { Configuration } from './configuration/configuration.ts';
import type { ServiceRequest, ServiceResponse } from './http.ts';
import type { Dependencies } from './operations/dependencies.ts';
import type { ServiceFault } from './operations/service-fault.ts';

/** What there is to write a fault with; a request that came to nothing may lack either. */
export interface FaultContext {
  readonly request?: ServiceRequest;
  readonly configuration?: Configuration;
}

/** A standard that requests and answers follow. */
export interface Protocol {
  readonly name: string;
  /**
   * Where another protocol shares method and path: the value of `f`, and the media type in `Accept`,
   * that ask for this one. Without either the first in the route table answers.
   */
  readonly representation?: { readonly f: string; readonly mediaType: string };
  /**
   * Where another protocol shares method and path: whether the request is written in this one. Left
   * out, it may be.
   */
  readonly recognises?: (
    request: ServiceRequest,
    configuration: Pick<Configuration, 'wpsVersion'>,
  ) => boolean;
  /** Names of its parameters and elements: a fault's subject is logged only where it is known. */
  readonly parameters: readonly string[];
  /** The one way in which a request that failed is answered. Must not throw. */
  encodeFault(
    fault: ServiceFault,
    context: FaultContext,
  ): ServiceResponse | Promise<ServiceResponse>;
}

export interface RouteDependencies extends Dependencies {
  /** Told which operation a request asks for, where the route alone does not say so. */
  readonly recognise: (operation: string) => void;
}

/**
 * Answers a request.
 *
 * @param parameters parts of the path, decoded, by their names in the route
 * @throws {ServiceFault}
 */
export type Handler = (
  request: ServiceRequest,
  parameters: Readonly<Record<string, string>>,
  dependencies: RouteDependencies,
) => Promise<ServiceResponse>;

/** One line of the route table. */
export interface Route {
  /** HEAD is answered as GET is; a line of its own tells clients that it is allowed. */
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base path, such as `/jobs/:jobId`. */
  readonly path: string;
  readonly protocol: Protocol;
  /** Its name in metrics and the log. */
  readonly operation: string;
  readonly handle: Handler;
}
