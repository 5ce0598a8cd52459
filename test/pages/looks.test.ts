import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessFaults, keepScreenshot, launchBrowser, openReader, overflow } from './browser.ts';
import { type StartedService, startService } from './started-service.ts';

let service: StartedService;
let browser: Browser;
let job: string;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), launchBrowser()]);
  const { page, close } = await openReader(browser);
  await page.goto(`${service.url}processes/echo?input.message=hello`);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('#status').getByText('Finished').waitFor();
  job = new URL(page.url()).pathname.slice(1);
  await close();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

const paths = (): Readonly<Record<string, string>> => ({
  landing: '',
  processes: 'processes',
  gogoduck: 'processes/gs%3AGoGoDuck?input.layer=sample_sst&west.subset=143&east.subset=149',
  echo: 'processes/echo?input.repeat=9',
  job,
  jobs: 'jobs',
  api: 'api',
  inputs: `${job}/inputs`,
  log: `${job}/log`,
  unknown: 'jobs/00000000-0000-4000-8000-000000000000',
});

async function settled(page: Page, path: string): Promise<void> {
  await page.goto(service.url + path);
  await page.waitForLoadState('networkidle');
}

describe.each([
  [360, 'dark'],
  [360, 'light'],
  [800, 'dark'],
  [800, 'light'],
  [1400, 'dark'],
  [1400, 'light'],
] as const)('every page, %i pixels wide and %s', (width, colorScheme) => {
  it('every page of that width and colour scheme is accessible, fits its window and obeys its own policy', async () => {
    const viewport = { width, height: 800 };
    const { page, complaints, close } = await openReader(browser, { viewport, colorScheme });
    for (const [name, path] of Object.entries(paths())) {
      await settled(page, path);
      expect.soft(await accessFaults(page), name).toEqual([]);
      expect.soft(await overflow(page), name).toBe(0);
      await keepScreenshot(page, `${name}-${width}-${colorScheme}`);
    }
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('the first page', () => {
  it('the first page copies an endpoint', async () => {
    const { page, close } = await openReader(browser);
    await settled(page, '');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: /^Copy.*WPS 2\.0$/ }).click();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(
      `${new URL('wps', service.url)}`,
    );
    await close();
  });

  it('the first page takes less than 60 kB over the wire, and asks no other host', async () => {
    const { page, requested, close } = await openReader(browser);
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await settled(page, '');
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThan(60_000);
    expect(requested.every((url) => url.startsWith(service.url))).toBe(true);
    await close();
  });

  it('the style of the pages is cached for a year, under a name that changes with it', async () => {
    const { page, close } = await openReader(browser);
    const style = page.waitForResponse(/styles-\w+\.css$/);
    await page.goto(service.url);
    const headers = (await style).headers();
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-encoding']).toBe('gzip');
    await close();
  });
});
