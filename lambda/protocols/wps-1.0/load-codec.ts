import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import { useBaselineWasm } from '../../baseline-wasm.ts';

/**
 * Decoders of requests, loaded only for the format that arrives: a capabilities request must not pay for XML
 * schemas.
 */
export const loadCodec = {
  kvp: loadOnce(() => import('./decode-kvp.ts')),
  xml: loadOnce(() => {
    useBaselineWasm();
    return import('./decode-xml.ts');
  }),
} as const;
