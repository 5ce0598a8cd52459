import type { Protocol } from '../../route.ts';

/** Pages for people. What writes them is loaded when the first is asked for. */
export const html: Protocol = {
  name: 'html',
  representation: { f: 'html', mediaType: 'text/html' },
  parameters: ['f', 'action', 'status', 'processID', 'page'],
  encodeFault: async (fault, context) =>
    (await import('./encode-fault.tsx')).encodeFault(fault, context),
};
