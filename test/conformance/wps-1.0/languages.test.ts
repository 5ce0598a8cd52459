import { expect, it } from 'vitest';
import { executeXml, requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'languages',
    clause: 'OGC 05-007r7, 8.2, 9.2.1, 10.2.1',
    title: 'Every operation takes a language of those on offer and answers in it',
    status: 'done',
    note: 'The texts themselves are those of the process descriptions, in the language they have.',
  },
  () => {
    const { get, post } = serviceUnderTest();
    const operations = {
      GetCapabilities: ['service=WPS&request=GetCapabilities', requestXml('GetCapabilities')],
      DescribeProcess: [
        'service=WPS&version=1.0.0&request=DescribeProcess&identifier=fixed',
        requestXml('DescribeProcess', '<ows:Identifier>fixed</ows:Identifier>'),
      ],
      Execute: ['service=WPS&version=1.0.0&request=Execute&identifier=fixed', executeXml('fixed')],
    } as const;

    it.each(Object.entries(operations))(
      'every operation answers in an offered language: %s',
      async (_, [query, xml]) => {
        const inLanguage = async (language: string | undefined) => {
          const [kvp, posted] = await Promise.all([
            get(language === undefined ? query : `${query}&language=${language}`),
            post(
              language === undefined
                ? xml
                : xml.replace('service="WPS"', `service="WPS" language="${language}"`),
            ),
          ]);
          const [ofKvp, ofXml] = [kvp, posted].map((answer) => ({
            language: answer.select('/wps:*/@xml:lang')[0],
            status: answer.status,
            ...answer.exception(),
          }));
          expect(ofKvp).toEqual(ofXml);
          return ofKvp;
        };
        expect(await inLanguage(undefined)).toMatchObject({ language: 'en-AU' });
        expect(await inLanguage('fr')).toMatchObject({ language: 'fr' });
        expect(await inLanguage('FR')).toMatchObject({ language: 'fr' });
        expect(await inLanguage('en')).toMatchObject({ language: 'en-AU' });
        expect(await inLanguage('*')).toMatchObject({ language: 'en-AU' });
        expect(await inLanguage('de')).toMatchObject({
          status: 400,
          code: 'InvalidParameterValue',
          locator: 'language',
        });
      },
    );
  },
);
