import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser, openReader, type Reader } from './browser.ts';
import { type StartedService, startService } from './started-service.ts';

let service: StartedService;
let browser: Browser;
let reader: Reader;
let page: Page;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});
beforeEach(async () => {
  reader = await openReader(browser);
  page = reader.page;
});
afterEach(async () => {
  expect(reader.complaints).toEqual([]);
  const foreign = reader.requested.filter((url) => !url.startsWith(service.url));
  expect(foreign).toEqual([]);
  await reader.close();
});

const side = (name: string) => page.getByLabel(name, { exact: true });

describe('a person who runs GoGoDuck by mouse', () => {
  it('a person with a mouse gets from the first page to the downloaded NetCDF file of GoGoDuck', async () => {
    await page.goto(service.url);
    await page.getByRole('link', { name: 'GoGoDuck' }).first().click();
    await page.getByLabel('Layer').fill('sample_sst');
    await page.locator('#coverage:not([hidden])').waitFor();
    expect(await page.locator('#coverage').innerText()).toContain('sea surface temperature');
    await page.getByRole('button', { name: 'Whole layer' }).click();
    expect(await side('West').inputValue()).toBe('142.05');

    const map = page.locator('.map > svg');
    await map.scrollIntoViewIfNeeded();
    const frame = await map.boundingBox();
    if (!frame) throw new Error('there is no map');
    const at = (x: number, y: number) => [frame.x + frame.width * x, frame.y + frame.height * y];
    const [fromX = 0, fromY = 0] = at(0.02, 0.3);
    const [toX = 0, toY = 0] = at(0.98, 0.95);
    await page.mouse.move(fromX, fromY);
    await page.mouse.down();
    await page.mouse.move((fromX + toX) / 2, (fromY + toY) / 2);
    await page.mouse.move(toX, toY);
    await page.mouse.up();
    expect(Number(await side('South').inputValue())).toBeLessThan(-40);
    expect(Number(await side('East').inputValue())).toBeGreaterThan(152);

    await page.locator('#estimate').getByText('6 files').waitFor();
    await page.getByLabel('From').fill('2024-01-15T01:00');
    await page.getByLabel('To', { exact: true }).fill('2024-01-15T03:00');
    await page.locator('#estimate').getByText('3 files').waitFor();
    await keepScreenshot(page, 'gogoduck-form-1400-light');

    await page.getByRole('button', { name: 'Run' }).click();
    await page.waitForURL(/\/jobs\/[0-9a-f-]+$/);
    await page.locator('#status').getByText('Finished').waitFor();
    await keepScreenshot(page, 'gogoduck-job-1400-light');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download: Result' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('sample_sst.nc');
    const content = await readFile(await file.path());
    expect(content.subarray(1, 4).toString('latin1')).toBe('HDF');
  });

  it('a person finds the form of GoGoDuck unchanged in a new window, from its URL alone', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck`);
    await page.getByLabel('Layer').fill('sample_sst');
    await side('West').fill('143');
    await side('East').fill('149');
    await page.locator('#requests-title').waitFor();
    await page.waitForURL(/east\.subset=149/);
    const other = await openReader(browser);
    await other.page.goto(page.url());
    expect(await other.page.getByLabel('Layer').inputValue()).toBe('sample_sst');
    expect(await other.page.getByLabel('East', { exact: true }).inputValue()).toBe('149');
    await other.close();
  });

  it('a person chooses all variables or none at once and a stride per axis, and finds both with the back button', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck?input.layer=sample_sst`);
    const ticks = page.locator('[name="tick.variables"]');
    await page.getByRole('button', { name: 'All: Variables' }).click();
    await page.waitForURL(/tick\.variables=sea_surface_temperature&tick\.variables=quality_level/);
    await page.getByRole('button', { name: 'None: Variables' }).click();
    await page.waitForURL((url) => !url.href.includes('tick.variables'));
    await ticks.first().check();
    expect(await page.locator('#several-variables .tick').first().innerText()).toContain(
      'kelvin, standard name sea_surface_temperature',
    );
    await page.getByLabel('Time steps: every').fill('6');
    await page.getByLabel('Rows (latitude): every').fill('3');
    await page.locator('#step-time-stride').getByText('a step of 6 h').waitFor();
    expect(await page.locator('#step-latitude-stride').innerText()).toBe('a step of 0.3°');
    expect(await page.getByLabel('Depths: every').isVisible()).toBe(false);
    await page.locator('[name="outputFormat.result"]').selectOption('text/csv');
    await page.waitForURL(/everyTime\.stride=6.*outputFormat\.result=text%2Fcsv/);

    const outputs = page.locator('[name="output"]');
    for (const output of await outputs.all()) await output.uncheck();
    await page.waitForURL(/output=$/);

    await page.getByRole('link', { name: 'Jobs' }).first().click();
    await page.waitForURL(/jobs$/);
    await page.goBack();
    expect(await page.locator('[name="output"]:checked').count()).toBe(0);
    expect(await page.getByLabel('Time steps: every').inputValue()).toBe('6');
    expect(await ticks.first().isChecked()).toBe(true);
    expect(await ticks.nth(1).isChecked()).toBe(false);
    expect(await page.locator('[name="outputFormat.result"]').inputValue()).toBe('text/csv');
  });

  it('an answer about the form as it was does not undo what a person has chosen since', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck?input.layer=sample_sst`);
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let checks = 0;
    await page.route('**/processes/**', async (route) => {
      if (route.request().method() === 'POST' && ++checks === 1) await held;
      await route.continue();
    });
    const asked = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByLabel('Time steps: every').fill('6');
    await asked;
    const ticks = page.locator('[name="tick.variables"]');
    await ticks.first().check();
    await page.getByLabel('Rows (latitude): every').focus();
    answer();
    await page.waitForURL(/tick\.variables=sea_surface_temperature/);
    expect(await ticks.first().isChecked()).toBe(true);
  });

  it('a person sees the last step of the data behind the box, or reads that it is not available', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck?input.layer=sample_sst`);
    const shown = page.locator('#overview-subset');
    expect(await shown.innerText()).toContain('sea surface temperature, 15 Jan 2024, 05:00:00 UTC');
    const source = (await page.locator('.map image').first().getAttribute('href')) ?? '';
    const picture = await page.request.get(new URL(source, service.url).href);
    expect(picture.headers()['content-type']).toBe('image/png');
    await page.getByLabel('Layer').fill('no_such_layer');
    await expect.poll(() => page.locator('.map image').count()).toBe(0);
    expect(await shown.innerText()).toBe('');
  });

  it('a person who types a box across the date line, far from the layer, sees it on the map', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck?input.layer=sample_sst`);
    const map = page.locator('.map svg[role]').first();
    await map.waitFor();
    for (const [name, value] of [
      ['West', '170'],
      ['East', '190'],
      ['South', '-10'],
      ['North', '10'],
    ] as const) {
      await side(name).fill(value);
    }
    await side('North').press('Tab');
    const isSeen = async () => {
      const [frame, box] = await Promise.all([
        map.boundingBox(),
        page.locator('.map .selection').first().boundingBox(),
      ]);
      if (!frame || !box) return false;
      return box.x >= frame.x && box.x + box.width <= frame.x + frame.width && box.width > 0;
    };
    await expect.poll(isSeen).toBe(true);
  });

  it('a person sees what is wrong with a box at its numbers, and why it cannot be sent', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck?input.layer=sample_sst`);
    for (const [name, value] of [
      ['West', '143'],
      ['East', '149'],
      ['South', '-95'],
      ['North', '-40'],
    ] as const) {
      await side(name).fill(value);
    }
    const faults = page.locator('[id="faults-subset"]');
    await faults.getByText('LATITUDE "-95"; allowed: -90 to 90').waitFor();
    const run = page.getByRole('button', { name: 'Run' });
    expect(await run.getAttribute('aria-disabled')).toBe('true');
    expect(await page.locator('#reason').innerText()).toContain('correct what is marked');
    expect(await side('South').getAttribute('aria-invalid')).toBe('true');
    expect(await side('West').getAttribute('aria-invalid')).toBeNull();
    await keepScreenshot(page, 'gogoduck-wrong-box-1400-light');

    await side('South').fill('-45');
    await page.locator('button.first[aria-disabled="false"]').waitFor();
    expect(await faults.innerText()).toBe('');
  });

  it('a person cannot choose what has become impossible, and can again after changing other choices', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck?input.layer=sample_sst`);
    const csv = page.locator('[name="input.aggregationOutputMime"] option[value="text/csv"]');
    await page.locator('#period-subset').getByText('every 1 h').waitFor();
    expect(await csv.isDisabled()).toBe(true);
    await page.locator('[name="outputFormat.result"]').selectOption('application/zip');
    await expect.poll(() => csv.isDisabled()).toBe(false);
    await page.locator('[name="outputFormat.result"]').selectOption('application/x-netcdf');
    await expect.poll(() => csv.isDisabled()).toBe(true);
    expect(await page.locator('#limit-aggregationOutputMime').innerText()).toContain('Only what');
    expect(await side('Shallowest').isVisible()).toBe(false);
    expect(await page.getByLabel('From').getAttribute('min')).toBe('2024-01-15T00:00');
  });

  it('a person reads at the field that the layer lacks a variable, which can be unticked', async () => {
    await page.goto(
      `${service.url}processes/gs%3AGoGoDuck?input.layer=sample_sst&tick.variables=salinity&west.subset=143&east.subset=149&south.subset=-44&north.subset=-40`,
    );
    const fault = page.locator('[id="faults-variables"]');
    expect(await fault.innerText()).toContain('"salinity", which the layer does not have');
    await page.locator('[value="salinity"]').uncheck();
    await expect.poll(() => fault.innerText()).toBe('');
    expect(await page.locator('button.first').getAttribute('aria-disabled')).toBe('false');
  });

  it('a person sees the request for programs follow the form', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck`);
    await page.getByLabel('Layer').fill('sample_sst');
    await page.locator('#sample-ogc-curl').getByText('"layer": "sample_sst"').waitFor();
  });
});

describe('a person who runs GoGoDuck by keyboard alone', () => {
  /** Presses Tab until the element has the focus. */
  async function tabTo(selector: string): Promise<void> {
    for (let pressed = 0; pressed < 80; pressed++) {
      await page.keyboard.press('Tab');
      const reached = await page.evaluate<boolean>(
        `document.activeElement?.matches(${JSON.stringify(selector)})`,
      );
      if (reached) return;
    }
    throw new Error(`${selector} is not reached by Tab`);
  }

  it('a person with a keyboard alone gets from the first page to the finished job of GoGoDuck', async () => {
    await page.goto(service.url);
    await tabTo('main .card a');
    await page.keyboard.press('Enter');
    await page.waitForURL(/GoGoDuck/);
    await tabTo('[name="input.layer"]');
    await page.keyboard.type('sample_sst');
    await page.locator('#coverage:not([hidden])').waitFor();
    await tabTo('.map > svg');
    await page.keyboard.press('ArrowUp');
    const before = Number(await side('West').inputValue());
    expect(before).toBeGreaterThan(100);
    await page.keyboard.press('ArrowRight');
    expect(Number(await side('West').inputValue())).toBeGreaterThan(before);
    await page.keyboard.press('Shift+ArrowRight');
    await page.locator('button.first[aria-disabled="false"]').waitFor();
    await tabTo('button.first');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/jobs\//);
    await page.locator('#status').getByText('Finished').waitFor();
  });

  it('the disabled button leads a person with a keyboard to what is missing', async () => {
    await page.goto(`${service.url}processes/gs%3AGoGoDuck`);
    await tabTo('button.first');
    await page.keyboard.press('Enter');
    const focused = await page.evaluate<string>("document.activeElement?.getAttribute('name')");
    expect(focused).toBe('input.layer');
    expect(await page.locator('#reason').innerText()).toBe('To run it, fill in: Layer, Subset.');
  });
});
