import { expect, it } from 'vitest';
import { complex, executeXml, rawDataOutput } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'complex-inputs',
    clause: 'OGC 05-007r7, 10.2.1',
    title: 'Complex inputs are given in the request as XML, as text, in CDATA or as base64',
    status: 'done',
  },
  () => {
    const { post } = serviceUnderTest();
    const giveBack = (content: string, attributes = '') =>
      post(
        executeXml('give-back', [complex('document', content, attributes)], rawDataOutput('given')),
      );
    const given = async (content: string, attributes = '') => {
      const answer = await giveBack(content, attributes);
      expect(answer.status, answer.text).toBe(200);
      return answer.bytes;
    };

    it('a complex input as text reaches the process unchanged', async () => {
      expect((await given(' a &lt; b\n')).toString()).toBe(' a < b\n');
    });

    it('a complex input in CDATA reaches the process without the layout around it', async () => {
      const document = '<?xml version="1.0"?><a>&amp;</a>\n';
      const cdata = `<![CDATA[${document}]]>`;
      for (const content of [cdata, `\n  ${cdata}\n`]) {
        expect((await given(content, 'mimeType="text/xml"')).toString()).toBe(document);
      }
      expect((await given('a<![CDATA[<b>]]>c')).toString()).toBe('a<b>c');
    });

    it('a complex input in XML keeps the namespaces in scope', async () => {
      const content =
        '\n  <!-- layout --><a:one xmlns:a="urn:a" b="&quot;"><two/>t<ows:Title/></a:one>\n';
      const document = (await given(content, 'mimeType="text/xml"')).toString();
      expect(document).toBe(
        '<a:one xmlns:a="urn:a" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" b="&quot;"><two/>t<ows:Title/></a:one>',
      );
    });

    it('a complex input in XML may have no namespace, or the default namespace', async () => {
      expect((await given('<a xmlns="urn:a"><b xmlns=""/></a>')).toString()).toContain(
        '<a xmlns="urn:a"',
      );
      const request = executeXml(
        'give-back',
        [complex('document', '<a/>')],
        rawDataOutput('given'),
      );
      const inDefault = request.replaceAll('wps:', '').replace('xmlns:wps', 'xmlns');
      expect((await post(inDefault)).text).toMatch(
        /^<a xmlns="http:\/\/www.opengis.net\/wps\/1.0.0" [^>]*\/>$/,
      );
    });

    it('a complex input is decoded from base64 if the client or the description says so', async () => {
      for (const attributes of [
        'encoding="base64"',
        'mimeType="application/x-netcdf" encoding="base64"',
        'mimeType="application/x-netcdf"',
      ]) {
        expect([...(await given('\n Af8A\n Q0RG ', attributes))]).toEqual([1, 255, 0, 67, 68, 70]);
      }
    });

    it.each(['%%%', 'Af8', 'Af8=A', 'Z===='])(
      'a complex input that is not base64 is refused: "%s"',
      async (content) => {
        expect((await giveBack(content, 'encoding="base64"')).exception()).toMatchObject({
          code: 'InvalidParameterValue',
          locator: 'document',
        });
      },
    );

    it.each(['<a/><b/>', 'text<a/>', '<a/><![CDATA[text]]>'])(
      'a complex input that is neither one element nor text is refused: %s',
      async (content) => {
        expect((await giveBack(content)).exception()).toMatchObject({
          code: 'InvalidParameterValue',
          locator: 'document',
        });
      },
    );

    it('a literal in place of a complex input is refused', async () => {
      const answer = await post(
        executeXml('give-back', [
          '<wps:Input><ows:Identifier>document</ows:Identifier><wps:Data><wps:LiteralData>a</wps:LiteralData></wps:Data></wps:Input>',
        ]),
      );
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'document',
        text: 'Input "document" is given as literal; allowed: ComplexData or Reference.',
      });
    });
  },
);
