import { expect, it } from 'vitest';
import { literal, rawDataOutput, requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'xml-encodings',
    clause: 'OGC 05-007r7, 8.2.2, 9.2.3, 10.2.3; XML 1.0, 4.3.3',
    title: 'XML requests count by namespace, regardless of their prefixes and character encoding',
    status: 'done',
  },
  () => {
    const { post } = serviceUnderTest();
    const request = requestXml(
      'Execute',
      `<ows:Identifier>every:Thing</ows:Identifier><wps:DataInputs>${literal('text', 'h\u00e9')}</wps:DataInputs>${rawDataOutput('inputs')}`,
    );
    const received = async (body: string | Uint8Array) => {
      const answer = await post(body);
      expect(answer.status, answer.text).toBe(200);
      return JSON.parse(answer.text).text[0].value;
    };

    it.each([
      ['UTF-8', Buffer.from(request)],
      ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${request}`)],
      ['UTF-16', Buffer.from(`\ufeff${request.replace('UTF-8', 'UTF-16')}`, 'utf16le')],
      ['ISO-8859-1', Buffer.from(request.replace('UTF-8', 'ISO-8859-1'), 'latin1')],
      ['no declared encoding', Buffer.from(request.replace(/<\?xml.*\?>\n/, ''))],
    ])('an XML request is read in encoding %s', async (_, body) => {
      expect(await received(body)).toBe('h\u00e9');
    });

    it('an XML request may use other namespace prefixes', async () => {
      const other = request
        .replaceAll(/\bwps:/g, 'ns1:')
        .replaceAll(/\bows:/g, 'x:')
        .replaceAll('xmlns:wps', 'xmlns:ns1')
        .replaceAll('xmlns:ows', 'xmlns:x');
      expect(await received(other)).toBe('h\u00e9');
    });

    it('an XML request may use a default namespace, comments and white space', async () => {
      const other = request
        .replaceAll('<wps:', '\n <!-- a comment -->\n<')
        .replaceAll('</wps:', '<?a processing instruction?></')
        .replace('xmlns:wps', 'xmlns');
      expect(await received(other)).toBe('h\u00e9');
    });
  },
);
