import { expect, it } from 'vitest';
import { executeXml, input, rawDataOutput, requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'inputs-by-reference',
    clause: 'OGC 05-007r7, 10.2.1',
    title:
      'Complex inputs by reference: GET, or POST with headers and a body that is given or referenced',
    status: 'done',
    note: 'From hosts that the configuration allows, over HTTP and HTTPS, at public addresses only; see `batch-jobs/runner/fetch-reference.ts`.',
  },
  () => {
    const service = serviceUnderTest({
      limits: { referenceHosts: ['example.org', '*.example.com'] },
    });
    const execute = (attributes: string, content = '', to = service) =>
      to.post(
        executeXml(
          'give-back',
          [input('document', `<wps:Reference ${attributes}>${content}</wps:Reference>`)],
          rawDataOutput('given'),
        ),
      );
    const href = 'xlink:href="https://example.org/a?b=c&amp;d=e"';
    const header = '<wps:Header key="SOAPAction" value="urn:get"/>';
    const body = '<wps:Body><q xmlns="urn:q"/></wps:Body>';
    const bodyReference = '<wps:BodyReference xlink:href="https://data.example.com/q"/>';

    it.each([
      [href, ''],
      [`${href} method="GET" mimeType="text/xml"`, header],
      [`${href} method="POST"`, ''],
      [`${href} method="POST"`, header + body],
      [`${href} method="POST"`, bodyReference],
      [href, body],
    ])('an input by reference is accepted: %s %s', async (attributes, content) => {
      const answer = await execute(attributes, content);
      expect(answer.status, answer.text).toBe(200);
      // In the service under test, the content behind a URL is the URL itself.
      expect(answer.text).toBe('https://example.org/a?b=c&d=e');
    });

    it.each([
      ['xlink:href="https://other.org/"', ''],
      ['xlink:href="https://example.org.other.org/"', ''],
      ['xlink:href="https://example.com/"', ''],
      ['xlink:href="file:///etc/passwd"', ''],
      ['xlink:href="ftp://example.org/"', ''],
      ['xlink:href="http://127.0.0.1/"', ''],
      ['xlink:href="https://a:b@example.org/"', ''],
      ['xlink:href="relative"', ''],
      [`${href} method="GET"`, body],
      [`${href} method="POST"`, '<wps:BodyReference xlink:href="http://169.254.169.254/"/>'],
      [`${href}`, '<wps:Header key="Host" value="other.org"/>'],
      [`${href}`, '<wps:Header key="Transfer-Encoding" value="chunked"/>'],
      [`${href}`, '<wps:Header key="X-A" value="a&#13;&#10;Host: b"/>'],
    ])('an input by reference is refused: %s %s', async (attributes, content) => {
      const answer = await execute(attributes, content);
      expect(answer.status).toBe(400);
      const { code, locator, text } = answer.exception();
      expect({ code, locator }).toEqual({ code: 'InvalidParameterValue', locator: 'document' });
      expect(text).toMatch(/^Input "document" cannot be fetched: /);
    });

    it('inputs by reference are refused if no hosts are allowed, which is the default', async () => {
      expect((await execute(href, '', serviceUnderTest())).exception()).toMatchObject({
        text: 'Input "document" cannot be fetched: references are not taken here; give the data in the request, or ask the provider to allow the host (--reference-host, REFERENCE_HOSTS).',
      });
    });

    it('validating a request fetches nothing', async () => {
      const location =
        'xsi:schemaLocation="http://www.opengis.net/wps/1.0.0 http://127.0.0.1:1/x.xsd"';
      const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
      const answer = await service.post(requestXml('GetCapabilities', '', `${xsi} ${location}`));
      expect(answer.status).toBe(200);
    });
  },
);
