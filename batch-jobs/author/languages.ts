/** A language in which `new-process` writes a program. */
export interface Language {
  /** Name of the program's file. */
  readonly program: string;
  /** As a YAML list. */
  readonly command: string;
  /** Debian packages of the image beside Node.js, which the runner needs. */
  readonly packages: readonly string[];
  /** Ends with exit code 0 on a machine that can run the program. */
  readonly probe?: readonly [string, ...string[]];
}

export const languages = {
  python: {
    program: 'main.py',
    command: '[python3, "{process}/main.py"]',
    packages: ['python3'],
    probe: ['python3', '--version'],
  },
  node: { program: 'main.mjs', command: '[node, "{process}/main.mjs"]', packages: [] },
  // If Node.js does not have this option, the runner replaces it with a loader (`typescript-loader.ts`).
  typescript: {
    program: 'main.mts',
    command: '[node, --experimental-strip-types, --no-warnings, "{process}/main.mts"]',
    packages: [],
  },
  r: {
    program: 'main.R',
    command: '[Rscript, "{process}/main.R"]',
    packages: ['r-base-core', 'r-cran-jsonlite'],
    probe: ['Rscript', '-e', 'library(jsonlite)'],
  },
  shell: { program: 'main.sh', command: '[sh, "{process}/main.sh"]', packages: [] },
} as const satisfies Record<string, Language>;

export type LanguageName = keyof typeof languages;

export const languageNames = Object.keys(languages) as readonly LanguageName[];
