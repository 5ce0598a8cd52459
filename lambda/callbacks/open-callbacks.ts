import type { Retention } from '../../batch-jobs/api/job-expiry.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { ReferenceNetwork } from '../../batch-jobs/runner/checked-connector.ts';
import { type CallbackParts, Callbacks } from './callbacks.ts';

const loadKey = loadOnce(() => import('./callback-key.ts'));
const loadSender = loadOnce(() => import('./send-callback.ts'));
const loadEncoder = loadOnce(() => import('./encode-callback.ts'));

/** How callbacks reach the network. */
export type CallbackNetwork = ReferenceNetwork;

/**
 * Callbacks of a store, sent over HTTP. The code that sends, signs and encodes them is loaded with the first
 * callback: most services send none.
 *
 * @param network only tests replace it
 */
export function openCallbacks(
  parts: Omit<CallbackParts, 'key' | 'send' | 'encode'> & { readonly retention: Retention },
  network?: CallbackNetwork,
): Callbacks {
  return new Callbacks({
    ...parts,
    key: async () => (await loadKey()).CallbackKey.of(parts.objects),
    send: async (...callback) => {
      const { callbackSender } = await loadSender();
      return await callbackSender(network)(...callback);
    },
    encode: async (job, event) => (await loadEncoder()).encodeCallback(job, event, parts.retention),
  });
}
