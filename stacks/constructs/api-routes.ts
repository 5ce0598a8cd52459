import type { AccessSettings } from '../../environments/api-settings.ts';
import { anybody, type MethodAccess } from './api-access.ts';

/** The paths of an API that go to the function, and who may call them. */
export interface ApiRoute {
  /** `/processes/{id}` */
  readonly path: string;
  readonly method: 'ANY' | 'GET' | 'OPTIONS';
  readonly access: MethodAccess;
}

/** Where OGC API - Processes lists what is offered; the function knows each process. */
const descriptions = ['/', '/conformance', '/api', '/processes', '/processes/{id}'];

/**
 * The root and everything below go to the function. Where callers need an identity, two things stay open:
 * preflight requests, which carry no credentials, and the description of what is offered.
 *
 * A path that is declared needs every method: API Gateway only considers the most specific path.
 */
export function routesOf(settings: AccessSettings, required: MethodAccess): readonly ApiRoute[] {
  const isOpen = settings.kind === 'public';
  const described = !isOpen && settings.publicDescriptions ? descriptions : [];
  const paths = ['/', '/{proxy+}', ...described.filter((path) => path !== '/')];
  // The path below a process, which is declared itself: its execution.
  if (described.length > 0) paths.push('/processes/{id}/{proxy+}');
  return paths.flatMap((path): ApiRoute[] => [
    { path, method: 'ANY', access: required },
    ...(isOpen ? [] : [{ path, method: 'OPTIONS' as const, access: anybody }]),
    ...(described.includes(path) ? [{ path, method: 'GET' as const, access: anybody }] : []),
  ]);
}
