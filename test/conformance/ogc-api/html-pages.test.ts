import { expect, it } from 'vitest';
import { requirement } from '../requirement.ts';
import { apiUnderTest, type Document } from './api-under-test.ts';
import { echoRequest } from './echo-requests.ts';

requirement(
  {
    id: 'html-pages',
    clause: 'OGC 18-062r2, 8.3 (requirements class HTML)',
    title: 'Every document has a page for people that says the same',
    status: 'done',
  },
  () => {
    const html = { accept: 'text/html' };

    /** The visible text of a page. */
    function textOf(page: string): string {
      return page
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
    }

    function leavesOf(document: Document): unknown[] {
      return typeof document === 'object' && document !== null
        ? Object.values(document).flatMap(leavesOf)
        : [document];
    }

    it('pages of conformance, inputs and log show everything that the JSON contains', async () => {
      const api = apiUnderTest();
      const { read } = api;
      const { inputs, ...others } = await echoRequest(api);
      const marked = { ...inputs, stringInput: '<b>&"hello"' };
      const id = await api.runToEnd('echo-inputs', { inputs: marked, ...others });
      for (const path of ['conformance', `jobs/${id}/inputs`, `jobs/${id}/log`]) {
        const page = await read(path, html);
        expect(page.status, path).toBe(200);
        expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(page.text).not.toContain('<b>&');
        const { links = [], ...said } = (await read(path)).json();
        const text = textOf(page.text);
        for (const leaf of leavesOf(said)) expect(text, path).toContain(String(leaf));
        for (const { href } of links) expect(page.text).toContain(href.replaceAll('&', '&amp;'));
      }
    });

    it('an unknown resource is a page, too', async () => {
      const { read } = apiUnderTest();
      const page = await read('jobs/3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11/log', html);
      expect(page.status).toBe(404);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    });

    it('the page of the API needs no other host and no script', async () => {
      const { read } = apiUnderTest({ limits: { callbackHosts: ['portal.example.org'] } });
      const landing = (await read('')).json();
      const doc = landing.links.find(({ rel }: Document) => rel === 'service-doc');
      expect(doc.type).toBe('text/html');
      const page = await read(doc.href);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.text).not.toMatch(/<script|(src|href)="(https?:)?\/\/(?!wps\.example)/);

      const { paths, components } = (await read('api')).json();
      const text = textOf(page.text);
      for (const [path, methods] of Object.entries<Document>(paths)) {
        for (const [method, operation] of Object.entries<Document>(methods)) {
          expect(text).toContain(`${method.toUpperCase()} ${path}`);
          expect(text).toContain(operation.summary);
          expect(page.text).toContain(`id="${operation.operationId}"`);
        }
      }
      for (const parameter of Object.values<Document>(components.parameters)) {
        expect(text).toContain(parameter.description);
      }
      for (const name of Object.keys(components.schemas)) {
        expect(page.text).toContain(`id="schema-${name}"`);
      }
      // Each link to a schema leads to an existing one.
      for (const [, name = ''] of page.text.matchAll(/href="#schema-([\w-]+)"/g)) {
        expect(Object.keys(components.schemas)).toContain(name);
      }
    });
  },
);
