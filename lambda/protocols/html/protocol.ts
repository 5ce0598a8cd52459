import Negotiator from 'negotiator';
import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import type { Protocol } from '../../route.ts';

const loadEncoder = loadOnce(() => import('./encode-fault.tsx'));

/** Pages for people. The code that renders them is loaded with the first page. */
export const html: Protocol = {
  name: 'html',
  representation: { f: 'html', mediaType: 'text/html' },
  parameters: ['f', 'action', 'status', 'processID', 'label', 'labels', 'page'],
  encodeFault: async (fault, context) => (await loadEncoder()).encodeFault(fault, context),
};

/**
 * Pages at an endpoint where the requests of programs have a query: only a browser sends no query and prefers
 * HTML to XML. A client without a preference, or one that accepts anything, is no browser.
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
