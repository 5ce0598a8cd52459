import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { type Answer, serviceUnderTest } from '../service-under-test.ts';
import { testCatalogue } from '../test-catalogue.ts';

const folder = import.meta.dirname;
const requests = (await readdir(folder)).filter((name) => name.includes('.request.')).sort();

describe('example', () => {
  it.each(requests)('example request %s is answered as in the file beside it', async (name) => {
    const [example = '', , form] = name.split('.');
    const { get, post, engine } = serviceUnderTest({ catalogue: [...catalogue, ...testCatalogue] });
    const request = await readFile(join(folder, name), 'utf8');
    // A stored response is shown in the form of the first answer, before the job runs.
    engine.isHeld = request.includes('storeExecuteResponse="true"');
    const answer = form === 'kvp' ? await get(request.replaceAll('\n', '')) : await post(request);
    const type = answer.headers['content-type'];
    const response = join(folder, `${example}.response.${type === 'text/xml' ? 'xml' : 'txt'}`);
    await expect(shown(answer)).toMatchFileSnapshot(response);
  });

  it('the README lists all examples, with the status of each answer', async () => {
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const listed = [...readme.matchAll(/^\| \[(.*?)\]\((.*?)\) \|/gm)].map(([, , file]) => file);
    expect(listed.sort()).toEqual(requests);
  });
});

/** The answer without the parts that differ between runs. */
function shown({ status, text }: Answer): string {
  expect(status).toBeLessThan(500);
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{job id}')
    .replaceAll(/creationTime="[^"]*"/g, 'creationTime="{time}"');
}
