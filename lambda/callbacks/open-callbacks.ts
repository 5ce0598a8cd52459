import type { ReferenceNetwork } from '../../batch-jobs/runner/checked-connector.ts';
import { type CallbackParts, Callbacks } from './callbacks.ts';

/** How callbacks reach the network. */
export type CallbackNetwork = ReferenceNetwork;

/**
 * Callbacks of a store, sent over HTTP. What sends, signs and encodes them is loaded with the first one: most
 * services have none.
 *
 * @param network replaced by tests only
 */
export function openCallbacks(
  parts: Omit<CallbackParts, 'key' | 'send' | 'encode'>,
  network?: CallbackNetwork,
): Callbacks {
  return new Callbacks({
    ...parts,
    key: async () => (await import('./callback-key.ts')).CallbackKey.of(parts.objects),
    send: async (...callback) => {
      const { callbackSender } = await import('./send-callback.ts');
      return await callbackSender(network)(...callback);
    },
    encode: async (...told) => (await import('./encode-callback.ts')).encodeCallback(...told),
  });
}
