/**
 * The files that browsers load in addition to pages. `npm run build` bundles `client/` and puts the names
 * with their content hashes here (`lambda/build/assets-plugin.ts`); without a build, each file has its plain
 * name.
 */
export const assetNames = {
  'styles.css': 'styles.css',
  'icon.svg': 'icon.svg',
  'landing-page.js': 'landing-page.js',
  'process-page.js': 'process-page.js',
  'job-page.js': 'job-page.js',
} as const satisfies Readonly<Record<string, string>>;

export type AssetName = keyof typeof assetNames;

/** URL of an asset, relative to the service's base. */
export function assetUrl(name: AssetName): string {
  return `assets/${assetNames[name]}`;
}
