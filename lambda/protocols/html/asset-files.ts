/** A file that browsers load, compressed. */
export interface AssetFile {
  readonly contentType: string;
  /** gzip (RFC 1952), as base64. */
  readonly gzip: string;
}

/**
 * The files by their names with content hashes. `npm run build` puts them here
 * (`lambda/build/assets-plugin.ts`); without a build, there are none.
 */
export const assetFiles: Readonly<Record<string, AssetFile>> = {};
