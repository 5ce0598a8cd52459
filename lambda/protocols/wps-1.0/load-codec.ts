import { useBaselineWasm } from '../../baseline-wasm.ts';

/**
 * Codecs of requests, loaded for the form that came: a capabilities request must not pay for XML
 * schemas. Loading again what is loaded costs nothing.
 */
export const loadCodec = {
  kvp: () => import('./decode-kvp.ts'),
  xml: () => {
    useBaselineWasm();
    return import('./decode-xml.ts');
  },
} as const;
