import { describe, expect, it } from 'vitest';
import type { Notice } from '../../lambda/configuration/notice.ts';
import { serviceUnderTest } from '../service-under-test.ts';

const notice: Notice = { text: 'Down on Sunday <8:00> & later.', severity: 'critical' };
const shown = 'Important: Down on Sunday <8:00> & later.';
const withNotice = () => serviceUnderTest({ configuration: { notice } });
const html = { headers: { accept: 'text/html' } };

describe('a notice of the operators', () => {
  it.each([
    ['1.0.0', 'service=WPS&version=1.0.0&request=GetCapabilities'],
    ['2.0.0', 'service=WPS&version=2.0.0&request=GetCapabilities'],
  ])(
    "an operators' notice comes first in the abstract of the capabilities of WPS %s",
    async (_, query) => {
      const { select } = await withNotice().get(query);
      const [abstract] = select('//ows:ServiceIdentification/ows:Abstract');
      expect(abstract?.startsWith(shown)).toBe(true);
      const [without] = (await serviceUnderTest().get(query)).select(
        '//ows:ServiceIdentification/ows:Abstract',
      );
      expect(without).not.toContain('Down');
    },
  );

  it("an operators' notice comes first in the description of the landing page", async () => {
    const { text } = await withNotice().send({ path: '/', query: 'f=json' });
    expect(JSON.parse(text).description).toMatch(new RegExp(`^${shown}`));
  });

  it.each(['/', '/processes', '/processes/echo', '/jobs/none', '/nowhere'])(
    "an operators' notice is shown above page %s",
    async (path) => {
      const { text } = await withNotice().send({ path, ...html });
      expect(text).toContain(
        '<aside class="notice critical" aria-label="Important"><p class="wide"><strong>Important</strong> Down on Sunday &lt;8:00&gt; &amp; later.</p></aside>',
      );
      expect((await serviceUnderTest().send({ path, ...html })).text).not.toContain('<aside');
    },
  );
});
