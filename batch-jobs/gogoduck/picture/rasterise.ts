import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { readPackageFile } from './package-file.ts';

let ready: Promise<Uint8Array> | undefined;

/**
 * Draws an SVG with the bundled font.
 *
 * @returns PNG
 */
export async function rasterise(svg: string): Promise<Uint8Array> {
  ready ??= start();
  const font = await ready;
  const renderer = new Resvg(svg, {
    font: { fontBuffers: [font], defaultFontFamily: 'DejaVu Sans' },
  });
  return renderer.render().asPng();
}

/**
 * Starts the renderer, which is possible only once per program.
 *
 * @returns the font
 */
async function start(): Promise<Uint8Array> {
  const [font, renderer] = await Promise.all([
    readPackageFile('font'),
    readPackageFile('renderer'),
  ]);
  await initWasm(renderer);
  return font;
}
