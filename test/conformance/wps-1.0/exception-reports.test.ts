import { expect, it } from 'vitest';
import { executeXml, literal } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'exception-reports',
    clause: 'OGC 06-121r3, 8',
    title: 'A request that cannot be served is answered with an `ows:ExceptionReport`',
    status: 'done',
  },
  () => {
    const { get, post } = serviceUnderTest();

    it('an exception report has version, language, code, locator and a text that says what is allowed', async () => {
      const answer = await post(executeXml('every:Thing', [literal('count', '3')]));
      expect(answer.select('/ows:ExceptionReport/@version')).toEqual(['1.1.0']);
      expect(answer.select('/ows:ExceptionReport/@xml:lang')).toEqual(['en-AU']);
      expect(answer.exception()).toEqual({
        code: 'InvalidParameterValue',
        locator: 'count',
        text: 'Input "count" is "3"; allowed: "1", "2", from 10, up to -10.',
      });
    });

    it("an exception report repeats a client's text as characters, never as markup", async () => {
      const identifier = '<script>alert("1")</script>';
      const answer = await get({
        service: 'WPS',
        version: '1.0.0',
        request: 'DescribeProcess',
        identifier,
      });
      expect(answer.text).not.toContain('<script');
      expect(answer.exception().text).toContain(identifier);
    });

    it("an exception report cuts a client's text short", async () => {
      const answer = await get(`service=WPS&request=${'x'.repeat(100_000)}`);
      expect(answer.text.length).toBeLessThan(2_500);
    });

    it('the same fault has the same exception report by KVP and by XML', async () => {
      const kvp = await get({
        service: 'WPS',
        version: '1.0.0',
        request: 'Execute',
        identifier: 'every:Thing',
        DataInputs: 'count=3',
      });
      const xml = await post(executeXml('every:Thing', [literal('count', '3')]));
      expect(kvp.text).toBe(xml.text);
    });
  },
);
