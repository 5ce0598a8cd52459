import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Screenshots of the pages, which CI stores. Git ignores the folder. */
const screenshots = join(import.meta.dirname, 'screenshots');

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** Debian's Chromium, or the one that `CHROMIUM` names. It makes no requests of its own. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Reader {
  readonly page: Page;
  /** Problems in the page: errors of scripts, and what its policy refused. */
  readonly complaints: readonly string[];
  /** Requested URLs. */
  readonly requested: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens a page in a window of its own. */
export async function openReader(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Reader> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requested: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Chromium also reports answers such as 404 there, which tests check themselves.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  page.on('request', (request) => requested.push(request.url()));
  return { page, complaints, requested, close: () => context.close() };
}

interface AxeResults {
  readonly passes: readonly unknown[];
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Violations that axe-core finds of WCAG 2.2 AA and good practice, in words. */
export async function accessFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const run = `axe.run({ runOnly: ${JSON.stringify(axeTags)} })`;
  const { violations, passes } = await page.evaluate<AxeResults>(run);
  // A run that checked nothing must not count as success.
  if (passes.length === 0) return ['axe-core looked at nothing'];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}: ${failureSummary}`),
  );
}

/** Number of pixels by which the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - innerWidth)');
}

export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}
