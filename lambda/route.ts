import type { Configuration } from './configuration/configuration.ts';
import type { ServiceRequest, ServiceResponse } from './http.ts';
import type { Caller, Dependencies } from './operations/dependencies.ts';
import type { ServiceFault } from './service-fault.ts';

/** What a fault is encoded from. Any of it may be missing if the request failed early. */
export interface FaultContext {
  readonly request?: ServiceRequest;
  readonly configuration?: Configuration;
  readonly caller?: Caller;
}

/** A standard that requests and responses follow. */
export interface Protocol {
  readonly name: string;
  /**
   * For paths and methods that protocols share: the value of `f` and the media type in `Accept` that select
   * this protocol. If a request has neither, the first route in the table answers.
   */
  readonly representation?: { readonly f: string; readonly mediaType: string };
  /**
   * For paths and methods that protocols share: whether the request is written in this protocol. If left out,
   * it may be.
   */
  readonly recognises?: (
    request: ServiceRequest,
    configuration: Pick<Configuration, 'wpsVersion'>,
  ) => boolean;
  /** Names of its parameters and elements. The log shows a fault's subject only if it is a known name. */
  readonly parameters: readonly string[];
  /** Answers every request that failed. Must not throw. */
  encodeFault(
    fault: ServiceFault,
    context: FaultContext,
  ): ServiceResponse | Promise<ServiceResponse>;
}

export interface RouteDependencies extends Dependencies {
  /** Reports which operation a request asks for if the route alone does not determine it. */
  readonly recognise: (operation: string) => void;
}

/**
 * Answers a request.
 *
 * @param parameters decoded segments of the path, by their names in the route
 * @throws {ServiceFault}
 */
export type Handler = (
  request: ServiceRequest,
  parameters: Readonly<Record<string, string>>,
  dependencies: RouteDependencies,
) => Promise<ServiceResponse>;

/** One row of the route table. */
export interface Route {
  /** HEAD is answered like GET; its own row announces to clients that it is allowed. */
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base path, such as `/jobs/:jobId`. */
  readonly path: string;
  readonly protocol: Protocol;
  /** The name of the operation in metrics and the log. */
  readonly operation: string;
  readonly handle: Handler;
}
