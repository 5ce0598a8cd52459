import type { AccessSettings } from '../../environments/api-settings.ts';
import { anybody, type MethodAccess } from './api-access.ts';

/** What of an API goes to the function, and who may call it. */
export interface ApiRoute {
  /** `/processes/{id}` */
  readonly path: string;
  readonly method: 'ANY' | 'GET' | 'OPTIONS';
  readonly access: MethodAccess;
}

/** Where OGC API - Processes tells what is offered; the function knows each of them. */
const descriptions = ['/', '/conformance', '/api', '/processes', '/processes/{id}'];

/**
 * The root and everything below go to the function. Where callers need an identity, browsers' preflight
 * requests carry none all the same, and what is offered may be told to anybody.
 *
 * A path of its own takes every method: API Gateway looks no further than the path that fits best.
 */
export function routesOf(settings: AccessSettings, required: MethodAccess): readonly ApiRoute[] {
  const isOpen = settings.kind === 'public';
  const described = !isOpen && settings.publicDescriptions ? descriptions : [];
  const paths = ['/', '/{proxy+}', ...described.filter((path) => path !== '/')];
  // Below a process, which is a path of its own: its execution.
  if (described.length > 0) paths.push('/processes/{id}/{proxy+}');
  return paths.flatMap((path): ApiRoute[] => [
    { path, method: 'ANY', access: required },
    ...(isOpen ? [] : [{ path, method: 'OPTIONS' as const, access: anybody }]),
    ...(described.includes(path) ? [{ path, method: 'GET' as const, access: anybody }] : []),
  ]);
}
