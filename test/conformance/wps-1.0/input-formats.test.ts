import { expect, it } from 'vitest';
import { complex, executeXml, rawDataOutput } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'input-formats',
    clause: 'OGC 05-007r7, 10.2.1, table 4',
    title:
      'The format of complex data is one that the description offers, its default if none is named',
    status: 'done',
  },
  () => {
    const { post } = serviceUnderTest();
    const execute = (attributes: string) =>
      post(
        executeXml('every:Thing', [complex('document', '', attributes)], rawDataOutput('inputs')),
      );

    it.each([
      ['', { mimeType: 'text/plain' }],
      ['encoding="UTF-8"', { mimeType: 'text/plain' }],
      ['mimeType="text/xml"', { mimeType: 'text/xml', schema: 'https://example.org/document.xsd' }],
      [
        'schema="https://example.org/document.xsd"',
        { mimeType: 'text/xml', schema: 'https://example.org/document.xsd' },
      ],
      // QGIS writes the attributes that it does not choose like this.
      ['schema="" encoding=""', { mimeType: 'text/plain' }],
      [
        'mimeType="text/xml" schema="" encoding=""',
        { mimeType: 'text/xml', schema: 'https://example.org/document.xsd' },
      ],
      ['mimeType="application/json"', { mimeType: 'application/json', encoding: 'utf-8' }],
    ])('the format of a complex input may be "%s"', async (attributes, format) => {
      const answer = await execute(attributes);
      expect(answer.status, answer.text).toBe(200);
      expect(JSON.parse(answer.text).document).toMatchObject([format]);
    });

    it("empty attributes of an output's format name nothing", async () => {
      const answer = await post(
        executeXml('every:Thing', [], rawDataOutput('inputs', 'schema="" encoding=""')),
      );
      expect(answer.status, answer.text).toBe(200);
    });

    it.each([
      'mimeType="text/html"',
      'mimeType="text/plain" schema="https://example.org/document.xsd"',
      'mimeType="application/json" encoding="base64"',
      'mimeType="text/xml" schema="https://example.org/other.xsd"',
      'encoding="ISO-8859-1"',
    ])('an input format is refused: %s', async (attributes) => {
      const { code, locator, text } = (await execute(attributes)).exception();
      expect({ code, locator }).toEqual({ code: 'InvalidParameterValue', locator: 'document' });
      expect(text).toContain('allowed: "text/plain", "text/xml"');
    });
  },
);
