import type { Subscriber } from '../../batch-jobs/api/job.ts';
import { refusedHost } from '../../batch-jobs/api/reference-hosts.ts';
import { checkAll, ServiceFault } from '../service-fault.ts';

/**
 * Checks that the URIs for news of a job are on hosts that the provider allows.
 *
 * @throws {ServiceFault} naming each URI at fault as subject
 */
export function checkSubscriber(
  subscriber: Subscriber | undefined,
  hosts: readonly string[],
): void {
  checkAll(
    Object.entries(subscriber ?? {}).map(([name, uri]) => () => {
      if (refusedHost(uri, hosts) === undefined) return;
      const allowed =
        hosts.length === 0
          ? 'none, for callbacks are not offered here; follow the status of the job'
          : `http and https URLs without credentials on these hosts: ${hosts.join(', ')}`;
      throw new ServiceFault(
        'invalid-value',
        `Member "subscriber/${name}" is "${uri.slice(0, 200)}"; allowed: ${allowed}.`,
        { subject: `subscriber/${name}` },
      );
    }),
  );
}
