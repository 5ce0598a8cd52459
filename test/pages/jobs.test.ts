import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser, openReader } from './browser.ts';
import { type StartedService, startService } from './started-service.ts';

let service: StartedService;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

describe('the page of a job', () => {
  it('the page of a job follows it without reloading, and cancels it after asking', async () => {
    const { page, complaints, close } = await openReader(browser);
    await page.goto(`${service.url}processes/echo?input.message=hello&input.delaySeconds=60`);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.locator('#status').getByText('Running').waitFor();
    expect(page.url()).toMatch(/\/jobs\//);
    await page.getByText('Cancel this job').click();
    await page.getByText('cannot be taken up again').waitFor();
    await keepScreenshot(page, 'job-cancel-1400-light');
    await page.getByRole('button', { name: 'Yes, cancel it' }).click();
    await page.locator('#status').getByText('Cancelled').waitFor();
    expect(await page.getByText('Cancel this job').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it('the page of a job shows its outputs as text, and runs it again with other values', async () => {
    const { page, complaints, close } = await openReader(browser);
    const message = encodeURIComponent('<script>alert(1)</script>');
    await page.goto(`${service.url}processes/echo?input.message=${message}`);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.locator('#status').getByText('Finished').waitFor();
    expect(await page.locator('.preview pre').first().innerText()).toContain(
      '<script>alert(1)</script>',
    );
    await page.getByRole('link', { name: 'Change and run again' }).click();
    expect(await page.getByLabel('Message').inputValue()).toBe('<script>alert(1)</script>');
    expect(complaints).toEqual([]);
    await close();
  });

  it('pressing the button of a form twice creates one job', async () => {
    const { page, close } = await openReader(browser);
    await page.goto(`${service.url}processes/echo?input.message=once&input.delaySeconds=1`);
    await page.getByRole('button', { name: 'Run' }).dblclick();
    await page.locator('#status').getByText('Finished').waitFor();
    const answer = await page.request.get(`${service.url}jobs?f=json&limit=100`);
    const { jobs } = (await answer.json()) as { jobs: { jobID: string }[] };
    const inputs = await Promise.all(
      jobs.map(async ({ jobID }) =>
        (await page.request.get(`${service.url}jobs/${jobID}/inputs?f=json`)).text(),
      ),
    );
    expect(inputs.filter((each) => each.includes('"once"'))).toHaveLength(1);
    await close();
  });

  it('a label that several jobs were given together finds them in the list', async () => {
    const { page, close } = await openReader(browser);
    await page.goto(`${service.url}jobs`);
    const boxes = page.locator('table.jobs input[type="checkbox"]');
    for (const index of [0, 1]) await boxes.nth(index).check();
    await page.getByLabel('Labels of the selected jobs').fill('paper, spring');
    await page.getByRole('button', { name: 'Add labels' }).click();
    await page.locator('.labels').first().getByText('paper, spring').waitFor();
    await page.getByLabel('Label', { exact: true }).fill('spring');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/label=spring/);
    expect(await page.locator('.labels').count()).toBe(2);
    await close();
  });

  it('the page of an unknown job says that there is none', async () => {
    const { page, close } = await openReader(browser);
    const response = await page.goto(`${service.url}jobs/00000000-0000-4000-8000-000000000000`);
    expect(response?.status()).toBe(404);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('There is no such job');
    await close();
  });
});

describe('a page without scripts', () => {
  it('without scripts, a form is sent, shows its faults, and leads to the job, whose page reloads itself', async () => {
    const { page, close } = await openReader(browser, { javaScriptEnabled: false });
    await page.goto(service.url);
    await page.getByRole('link', { name: 'Echo' }).first().click();
    await page.getByLabel('Repeat').fill('9');
    await page.getByRole('button', { name: 'Run' }).click();
    expect(await page.locator('[data-summary]').innerText()).toContain(
      'Input "message" is missing.',
    );
    expect(await page.locator('[id="faults-repeat"]').innerText()).toContain('allowed: 1 to 5');
    await keepScreenshot(page, 'no-script-faults-1400-light');
    await page.getByLabel('Message').fill('hello');
    await page.getByLabel('Repeat').fill('2');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.waitForURL(/\/jobs\//);
    await page.locator('#status').getByText('Finished').waitFor();
    expect(await page.locator('.preview pre').first().innerText()).toContain('hello\nhello');
    await close();
  });

  it('without scripts, a form shows the size of a request on demand', async () => {
    const { page, close } = await openReader(browser, { javaScriptEnabled: false });
    await page.goto(
      `${service.url}processes/gs%3AGoGoDuck?west.subset=143&east.subset=149&south.subset=-44&north.subset=-40`,
    );
    await page.getByLabel('Layer').fill('sample_sst');
    await page.getByRole('button', { name: 'Check the size' }).click();
    expect(await page.locator('#estimate').innerText()).toContain('6 files');
    await close();
  });
});
