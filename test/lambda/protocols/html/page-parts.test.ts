import { describe, expect, it } from 'vitest';
import type { InputDescription } from '../../../../batch-jobs/api/process-description.ts';
import { requestLog } from '../../../../lambda/jobs/request-log.ts';
import {
  type ApiDocument,
  operationsOf,
  parametersOf,
  responsesOf,
} from '../../../../lambda/protocols/html/api-document.ts';
import type { FormValues } from '../../../../lambda/protocols/html/form/form-request.ts';
import { overviewResponse, shownOverview } from '../../../../lambda/protocols/html/overview.ts';
import { faultContext, pageContext } from '../../../../lambda/protocols/html/page-context.ts';
import { html, htmlWithoutQuery } from '../../../../lambda/protocols/html/protocol.ts';
import { refuseForeignForm } from '../../../../lambda/protocols/html/refuse-foreign-form.ts';
import { page, seeOther } from '../../../../lambda/protocols/html/respond.ts';
import { serviceUnderTest } from '../../../service-under-test.ts';
import { everything } from '../../../test-catalogue.ts';

describe('what every page knows of the service', () => {
  const { dependencies } = serviceUnderTest();
  const { configuration } = dependencies;
  const known = {
    base: '/TEST/',
    publicUrl: 'https://example.org/TEST/',
    identification: configuration.identification,
    provider: { name: 'Tester', contact: {} },
  };
  const log = requestLog(dependencies.log);

  it.each([
    [{ listsAllJobs: false }, false],
    [{ listsAllJobs: true }, true],
    [{ listsAllJobs: false, owner: 'ada' }, true],
  ])('a page for the caller %j leads to the list of jobs: %s', (caller, listsJobs) => {
    const context = { ...known, listsJobs };
    expect(pageContext({ ...dependencies, log, caller })).toEqual(context);
    expect(faultContext({ configuration, caller })).toEqual(context);
  });

  it('a page has the notice of the service', () => {
    const notice = { severity: 'info', text: 'Closed on Monday.' } as const;
    const noted = { ...configuration, notice };
    expect(faultContext({ configuration: noted })).toEqual({ ...known, listsJobs: false, notice });
  });

  it('a page of a service without a configuration names no service and leads nowhere else', () => {
    expect(faultContext({ caller: { listsAllJobs: true } })).toEqual({
      ...{ base: '/', publicUrl: '/', provider: { name: '', contact: {} }, listsJobs: false },
      identification: {
        ...{ title: 'Processing service', keywords: [], fees: '', accessConstraints: '' },
      },
    });
  });

  it('pages have names of parameters that the log may show', () => {
    expect(html.name).toBe('html');
    expect(html.representation).toEqual({ f: 'html', mediaType: 'text/html' });
    expect(html.parameters).toEqual([
      ...['f', 'action', 'status', 'processID', 'label', 'labels', 'page'],
    ]);
    expect(htmlWithoutQuery).toMatchObject(html);
  });
});

describe('the response with a page', () => {
  it('the response with a page allows what the page needs of its own origin, and nothing else', () => {
    expect(page(422, { toString: () => '<html></html>' })).toEqual({
      status: 422,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        vary: 'accept',
      },
      body: '<!doctype html><html></html>',
    });
    expect(page(200, '', { sunset: 'x' }).headers).toMatchObject({ sunset: 'x', vary: 'accept' });
  });

  it('the response to a sent form leads to another page', () => {
    expect(seeOther('/a')).toEqual({ status: 303, headers: { location: '/a' }, body: '' });
  });

  it('a form of another site is refused in words for the reader', () => {
    const request = { method: 'POST', path: '/', query: '', body: new Uint8Array() };
    const headers = { origin: 'https://evil.example.org', host: 'example.org' };
    expect(() => refuseForeignForm({ ...request, headers }, 'no URL')).toThrow(
      expect.objectContaining({
        kind: 'forbidden',
        message: 'The form was sent from another site. Open it here and send it again.',
      }),
    );
    // Neither the request nor the configuration names a host.
    expect(() => refuseForeignForm({ ...request, headers: { origin: 'null' } }, 'no URL')).toThrow(
      'another site',
    );
  });
});

describe('the picture behind a form', () => {
  const overview = {
    ...{ png: Uint8Array.of(1, 2), bbox: [1, 2, 3, 4] as const, title: 'T', from: 0, to: 1 },
  };

  it('the picture behind a form is sent as one, and can run nothing', () => {
    expect(overviewResponse(overview)).toEqual({
      status: 200,
      headers: {
        'content-type': 'image/png',
        'cache-control': 'private, max-age=300',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
      },
      body: Buffer.of(1, 2),
    });
  });

  it('the picture behind a form is asked for by the values that choose it, and by no address of people', () => {
    const literal = (identifier: string, change: object = {}) =>
      ({ ...everything.inputs[0], identifier, ...change }) as InputDescription;
    const inputs = [
      ...[
        literal('a'),
        literal('mail', { mail: 'recipients' }),
        literal('e', { editor: 'extent' }),
      ],
      ...[literal('s', { editor: 'several' }), literal('c', { kind: 'complex' })],
    ];
    const values: FormValues = new URLSearchParams(
      'input.a=1&input.a=&input.a=2&tick.a=&input.mail=me&input.e=x&tick.s=3&tick.s=4&input.s=&input.c=y&other=z',
    );
    const { png: _, ...shown } = overview;
    expect(shownOverview(overview, { ...everything, inputs }, values, '/p')).toEqual({
      ...shown,
      url: '/p/overview?input.a=1&input.a=2&tick.s=3&tick.s=4',
    });
  });
});

describe('the parts of the API that its page shows', () => {
  const operation = (tag: string) => ({
    ...{ operationId: tag, summary: 'S', tags: [tag, 'all'], responses: {} },
  });
  const given = { name: 'a', in: 'query', description: 'A', schema: {} };
  const answer = { description: 'Fine.' };
  const document = {
    ...{ info: { title: 'T', version: '1' }, servers: [], tags: [] },
    paths: {
      '/a': { get: operation('one'), post: operation('two') },
      '/b': { get: operation('two') },
    },
    components: { schemas: {}, parameters: { a: given }, responses: { fine: answer } },
  } satisfies ApiDocument;

  it('the page of the API has the operations of each part in their order, with methods and paths', () => {
    const shown = (tag: string) =>
      operationsOf(document, tag).map(({ method, path }) => `${method} ${path}`);
    expect(shown('one')).toEqual(['GET /a']);
    expect(shown('two')).toEqual(['POST /a', 'GET /b']);
    expect(shown('all')).toEqual(['GET /a', 'POST /a', 'GET /b']);
    expect(operationsOf(document, 'one')[0]).toMatchObject({ operationId: 'one', summary: 'S' });
  });

  it('the page of the API has parameters and answers wherever they are described', () => {
    const at = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });
    const parameters = [at('parameters', 'a'), at('parameters', 'gone')];
    expect(parametersOf(document, { ...operation('x'), parameters })).toEqual([given]);
    expect(parametersOf(document, operation('x'))).toEqual([]);
    const own = { description: 'Own.' };
    const responses = { 200: own, 404: at('responses', 'fine'), 500: at('responses', 'gone') };
    expect(responsesOf(document, { ...operation('x'), responses })).toEqual([
      ['200', own],
      ['404', answer],
      ['500', { description: '' }],
    ]);
  });
});
