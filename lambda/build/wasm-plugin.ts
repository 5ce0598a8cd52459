import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Plugin } from 'rolldown';

/** Modules that hold their WebAssembly as one long text, as Emscripten writes single files. */
const modules = /(h5wasm\/dist\/node\/hdf5_util\.js|libxml2-wasm\/lib\/libxml2raw\.mjs)$/;
const decoded = /\w+\(('(?:\0|\\0|\\x00)asm(?:\\.|[^'\\])*')\)/s;

/**
 * Takes WebAssembly out of JavaScript, and writes it to a file beside it. What loads it is ready
 * sooner, by some 50 ms for HDF5, and holds less memory.
 *
 * @param writeBeside is given each file that belongs beside the chunks
 */
export function wasmPlugin(writeBeside: (name: string, content: Uint8Array) => void): Plugin {
  return {
    name: 'wasm',
    load: {
      filter: { id: modules },
      handler: async (path) => {
        const source = await readFile(path, 'utf8');
        const [call, text] = decoded.exec(source) ?? [];
        if (!call || !text) throw new Error(`no WebAssembly is found in ${path}`);
        const name = basename(path).replace(/\.m?js$/, '.wasm');
        // One character per byte; what is above that in it is only there to keep zeros out.
        writeBeside(name, Buffer.from(runInNewContext(text), 'latin1'));
        const read = `readWasm(new URL('./${name}',import.meta.url))`;
        const rest = source.replace(call, () => read);
        return `import { readFileSync as readWasm } from 'node:fs';\n${rest}`;
      },
    },
  };
}
