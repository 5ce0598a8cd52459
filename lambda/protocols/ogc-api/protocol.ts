import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import type { Protocol } from '../../route.ts';
import { mediaTypes } from './links.ts';

const loadEncoder = loadOnce(() => import('./encode-fault.ts'));

/** The name of this protocol in job records. */
export const protocolName = 'ogc-api';

/** OGC API - Processes, Part 1: Core (OGC 18-062r2, version 1.0), in JSON. */
export const ogcApi: Protocol = {
  name: protocolName,
  representation: { f: 'json', mediaType: mediaTypes.json },
  parameters: [
    'body',
    'cursor',
    'Content-Type',
    'datetime',
    'f',
    'Idempotency-Key',
    'inputs',
    'label',
    'labels',
    'limit',
    'maxDuration',
    'minDuration',
    'offset',
    'outputs',
    'processID',
    'response',
    'status',
    'subscriber',
    'type',
  ],
  encodeFault: async (fault, context) => (await loadEncoder()).encodeFault(fault, context),
};
