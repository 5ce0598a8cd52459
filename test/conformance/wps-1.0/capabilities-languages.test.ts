import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'capabilities-languages',
    clause: 'OGC 05-007r7, 8.3.4',
    title:
      'Languages tells the default language and all that are supported, the default among them',
    status: 'done',
  },
  () => {
    it('the capabilities list all languages, regardless of the language of the document', async () => {
      for (const language of ['en-AU', 'fr']) {
        const { select } = await serviceUnderTest().get(
          `service=WPS&request=GetCapabilities&language=${language}`,
        );
        expect(select('/wps:Capabilities/@xml:lang')).toEqual([language]);
        expect(select('//wps:Languages/wps:Default/ows:Language')).toEqual(['en-AU']);
        expect(select('//wps:Languages/wps:Supported/ows:Language')).toEqual(['en-AU', 'fr']);
      }
    });
  },
);
