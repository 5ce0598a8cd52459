declare module 'world-atlas/land-50m.json' {
  import type { GeometryCollection, Topology } from 'topojson-specification';

  const topology: Topology<{ land: GeometryCollection }>;

  // biome-ignore lint/style/noDefaultExport: what JSON is imported as
  export { topology as default };
}
