import { useBaselineWasm } from '../../baseline-wasm.ts';

/** The decoder of XML requests, loaded when the first comes: it brings libxml2. */
export async function loadXmlDecoder(): Promise<typeof import('./decode-xml.ts')> {
  useBaselineWasm();
  return await import('./decode-xml.ts');
}
