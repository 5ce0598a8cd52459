import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, type Document } from './api-under-test.ts';

requirement(
  {
    id: 'landing-page',
    clause: 'OGC 18-062r2, 7.2',
    title:
      'The landing page leads to the API definition, the conformance classes, the processes and the jobs',
    status: 'done',
  },
  () => {
    const { read } = apiUnderTest();

    it('testHttp: the root path is served', async () => {
      expect((await read('')).status).toBe(200);
    });

    it('testLandingPageRetrieval: the landing page is JSON with status 200', async () => {
      const answer = await read('', { accept: 'application/json' });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json');
    });

    it('testLandingPageValidation: the landing page is valid and has the required links', async () => {
      const page = (await read('', { accept: 'application/json' })).json();
      expect(apiFaultsOf('landingPage', page)).toEqual([]);
      const relations = page.links.map(({ rel }: Document) => rel);
      expect(relations).toEqual(
        expect.arrayContaining([
          'service-desc',
          'http://www.opengis.net/def/rel/ogc/1.0/conformance',
          'http://www.opengis.net/def/rel/ogc/1.0/processes',
          'http://www.opengis.net/def/rel/ogc/1.0/job-list',
        ]),
      );
    });

    it('the landing page links the API definition with exactly the media type that clients look for', async () => {
      const page = (await read('')).json();
      const link = page.links.find(({ rel }: Document) => rel === 'service-desc');
      expect(link.type).toBe('application/vnd.oai.openapi+json;version=3.0');
      expect((await read(link.href)).headers['content-type']).toBe(link.type);
    });

    it('every link of the landing page works', async () => {
      const page = (await read('')).json();
      for (const { href, type } of page.links) {
        if (type === 'text/html') continue;
        expect((await read(href)).status, href).toBe(200);
      }
    });

    it('the landing page is served with and without the slash after the base path', async () => {
      const [with_, without] = await Promise.all([
        read('https://example.org/TEST/'),
        read('https://example.org/TEST'),
      ]);
      expect(without.text).toBe(with_.text);
    });
  },
);
