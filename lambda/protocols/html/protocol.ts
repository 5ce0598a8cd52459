import Negotiator from 'negotiator';
import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import type { Protocol } from '../../route.ts';

const loadEncoder = loadOnce(() => import('./encode-fault.tsx'));

/** Pages for people. What writes them is loaded when the first is asked for. */
export const html: Protocol = {
  name: 'html',
  representation: { f: 'html', mediaType: 'text/html' },
  parameters: ['f', 'action', 'status', 'processID', 'label', 'labels', 'page'],
  encodeFault: async (fault, context) => (await loadEncoder()).encodeFault(fault, context),
};

/**
 * The same at an endpoint where a query asks a program's question: only a browser comes without one, and prefers a
 * page to XML. A client that prefers nothing, or anything, is no browser.
 */
export const htmlWithoutQuery: Protocol = {
  ...html,
  recognises: ({ query, headers }) => {
    if (query !== '') return false;
    const offered = ['text/xml', 'application/xml', 'text/html'];
    const preferred = new Negotiator({ headers: { accept: headers['accept'] } });
    return preferred.mediaType(offered) === 'text/html';
  },
};
