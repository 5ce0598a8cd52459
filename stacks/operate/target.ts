import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../environments/environment.ts';
import type { Installation } from '../../environments/installation.ts';
import type { SharedEnvironment } from '../../environments/shared-settings.ts';
import { endpointFilename } from '../../lambda/embedded/embedded-defaults.ts';
import { OperatorFault } from './terminal.ts';

/** Options that select the target of a command; exactly one is given. */
export interface TargetOptions {
  /** Name of an environment, in upper or lower case: `PROD`. */
  readonly env?: string;
  /** Base URL of a service, or its WPS endpoint. */
  readonly endpoint?: string;
  /** Data folder of a service on this machine. */
  readonly dataDir?: string;
  /** Headers of requests to an endpoint. */
  readonly header?: readonly (readonly [string, string])[];
}

/** An environment in AWS. */
export interface EnvironmentTarget {
  readonly kind: 'environment';
  readonly environment: Environment;
  readonly shared: SharedEnvironment;
  readonly installation: Installation;
}

/** A service that is used over HTTP: on this machine, or elsewhere without AWS credentials. */
export interface ServiceTarget {
  readonly kind: 'service';
  /** Base of its URLs, ending in `/`. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dataDir?: string;
}

export type Target = EnvironmentTarget | ServiceTarget;

/** @throws {OperatorFault} if no or several options are given, or the target does not exist */
export async function targetOf(
  options: TargetOptions,
  installation: () => Installation,
): Promise<Target> {
  const { env, endpoint, dataDir, header = [] } = options;
  const given = [env, endpoint, dataDir].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new OperatorFault(
      `${given.length === 0 ? 'Nothing says' : 'Several options say'} what to work on; give one of an environment (--env PROD), --endpoint URL and --data-dir FOLDER.`,
    );
  }
  if (env !== undefined) return environmentNamed(env, installation());
  const headers = Object.fromEntries(header);
  if (dataDir === undefined) {
    return { kind: 'service', baseUrl: baseUrlOf(endpoint ?? ''), headers };
  }
  const text = await readFile(join(dataDir, endpointFilename), 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new OperatorFault(
      `No service has used the data folder ${dataDir}; start one with npm start -- --data-dir ${dataDir}.`,
    );
  }
  return { kind: 'service', baseUrl: baseUrlOf(text.trim()), headers, dataDir };
}

/** @throws {OperatorFault} if the installation has no such environment */
export function environmentNamed(name: string, installation: Installation): EnvironmentTarget {
  for (const { shared, environments } of installation.accounts) {
    const environment = environments.find((each) => each.name === name.toUpperCase());
    if (environment) return { kind: 'environment', environment, shared, installation };
  }
  const names = installation.environments.map((each) => each.name).join(', ');
  const hint = /^https?:/.test(name) ? ` For a service at an URL: --endpoint ${name}` : '';
  throw new OperatorFault(`There is no environment "${name}"; environments/ has ${names}.${hint}`);
}

function baseUrlOf(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new OperatorFault(
      `--endpoint is "${text}"; give an absolute URL, such as http://127.0.0.1:8080/wps.`,
    );
  }
  const url = new URL(text);
  const path = url.pathname.replace(/\/wps\/?$/, '/');
  return `${url.origin}${path.endsWith('/') ? path : `${path}/`}`;
}
