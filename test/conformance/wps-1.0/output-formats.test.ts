import { expect, it } from 'vitest';
import { executeXml, output, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'output-formats',
    clause: 'OGC 05-007r7, 10.2.1, table 4',
    title: 'The format of a complex output is one that the description offers',
    status: 'done',
  },
  () => {
    const { post } = serviceUnderTest();
    const execute = (identifier: string, attributes: string) =>
      post(executeXml('every:Thing', [], responseDocument([output(identifier, attributes)])));

    it.each([
      ['', 'text/plain'],
      ['mimeType="text/xml"', 'text/xml'],
      ['mimeType="application/json" encoding="utf-8"', 'application/json'],
      ['schema="https://example.org/text.xsd"', 'text/xml'],
    ])('output format "%s" gives %s', async (attributes, mimeType) => {
      const { select } = await execute('text', attributes);
      expect(select('//wps:ComplexData/@mimeType')).toEqual([mimeType]);
    });

    it('a text output can be requested as base64', async () => {
      const { select } = await execute('text', 'encoding="base64"');
      expect(Buffer.from(select('//wps:ComplexData')[0] ?? '', 'base64').toString()).toBe(
        'a < b & c\n',
      );
    });

    it.each([
      ['text', 'mimeType="image/png"'],
      ['text', 'mimeType="text/plain" schema="https://example.org/text.xsd"'],
      ['text', 'encoding="gzip"'],
      ['grid', 'encoding="utf-8"'],
    ])('for output %s, the format %s is refused', async (identifier, attributes) => {
      const { code, locator, text } = (await execute(identifier, attributes)).exception();
      expect({ code, locator }).toEqual({ code: 'InvalidParameterValue', locator: identifier });
      expect(text).toContain('allowed: ');
    });
  },
);
