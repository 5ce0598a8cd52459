import { Agent, request } from 'undici';
import {
  checkedConnector,
  publicNetwork,
  type ReferenceNetwork,
} from '../../batch-jobs/runner/checked-connector.ts';
import type { SendCallback } from './callbacks.ts';

/** How long a receiver may take to answer, in milliseconds. */
const patience = 10_000;

/**
 * Sends callbacks to hosts whose addresses are public, through the connector that references are fetched by.
 *
 * @param network replaced by tests only
 */
export function callbackSender(network: ReferenceNetwork = publicNetwork): SendCallback {
  return async (url, headers, body) => {
    const signal = AbortSignal.timeout(patience);
    const agent = new Agent({ connect: checkedConnector(network, signal) });
    try {
      const answer = await request(url, {
        dispatcher: agent,
        method: 'POST',
        headers,
        body,
        signal,
      });
      // Nothing is read of it.
      answer.body.on('error', () => undefined).destroy();
      return answer.statusCode;
    } finally {
      await agent.destroy();
    }
  };
}
