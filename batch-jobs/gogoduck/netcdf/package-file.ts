import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

// The build puts each file named here beside the program (lambda/build/package-files-plugin.ts).
const packages = createRequire(import.meta.url);

/** Filters that the HDF5 library loads as WebAssembly when a file needs them. */
const filters = [
  packages.resolve('h5wasm-plugins/plugins/libH5Zbitgroom.so'),
  packages.resolve('h5wasm-plugins/plugins/libH5Zbitround.so'),
  packages.resolve('h5wasm-plugins/plugins/libH5Zblosc.so'),
  packages.resolve('h5wasm-plugins/plugins/libH5Zblosc2.so'),
  packages.resolve('h5wasm-plugins/plugins/libH5Zbshuf.so'),
  packages.resolve('h5wasm-plugins/plugins/libH5Zbz2.so'),
  packages.resolve('h5wasm-plugins/plugins/libH5Zlz4.so'),
  packages.resolve('h5wasm-plugins/plugins/libH5Zlzf.so'),
  packages.resolve('h5wasm-plugins/plugins/libH5Zzstd.so'),
] as const;

/** The folder that contains them. */
export const filterFolder = dirname(fileURLToPath(new URL(filters[0], 'file:')));
