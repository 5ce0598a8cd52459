import { Agent, request } from 'undici';
import {
  checkedConnector,
  publicNetwork,
  type ReferenceNetwork,
} from '../../batch-jobs/runner/checked-connector.ts';
import type { SendCallback } from './callbacks.ts';

/** The longest wait for a receiver's answer, in milliseconds. */
const patience = 10_000;

/**
 * Sends callbacks to hosts with public addresses, through the connector that also fetches references.
 *
 * @param network only tests replace it
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
      // The body of the response is not read.
      answer.body.on('error', () => undefined).destroy();
      return answer.statusCode;
    } finally {
      await agent.destroy();
    }
  };
}
