import type { Caller, Dependencies } from '../../operations/dependencies.ts';
import type { FaultContext } from '../../route.ts';
import type { PageContext } from './layout.tsx';

/** What every page says about the service. */
export function pageContext({ configuration, caller }: Dependencies): PageContext {
  return contextOf(configuration, mayList(caller));
}

/** The same for a request that failed, perhaps before there was a configuration. */
export function faultContext({ configuration, caller }: FaultContext): PageContext {
  if (!configuration) return bare;
  return contextOf(configuration, caller !== undefined && mayList(caller));
}

function mayList({ listsAllJobs, owner }: Caller): boolean {
  return listsAllJobs || owner !== undefined;
}

const bare: PageContext = {
  base: '/',
  publicUrl: '/',
  identification: { title: 'Processing service', keywords: [], fees: '', accessConstraints: '' },
  provider: { name: '', contact: {} },
  listsJobs: false,
};

function contextOf(
  { baseUrl, identification, provider, notice }: Dependencies['configuration'],
  listsJobs: boolean,
): PageContext {
  return {
    // Without the host: the reader may use another name of the same machine.
    base: new URL(baseUrl).pathname,
    publicUrl: baseUrl,
    identification,
    provider,
    listsJobs,
    ...(notice === undefined ? {} : { notice }),
  };
}
