import { describe, expect, it } from 'vitest';
import { asynchronous, complex, executeXml, output, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'inline-outputs',
    clause: 'OGC 05-007r7, 10.3.1',
    title:
      'Outputs encoded in the document: literals, bounding boxes, XML, text, and binary data as base64',
    status: 'done',
    note: 'A complex output larger than `INLINE_OUTPUT_BYTES` is referred to, for a status document is read whole again and again. Where the document would have more than 5 MB, all outputs are referred to.',
  },
  () => {
    const { post } = serviceUnderTest();
    const execute = (identifier: string, attributes = '', to = post) =>
      to(executeXml('every:Thing', [], responseDocument([output(identifier, attributes)])));

    it('a document contains a literal output with data type and unit', async () => {
      const { select } = await execute('number');
      expect(select('//wps:Data/wps:LiteralData')).toEqual(['12.5']);
      expect(select('//wps:LiteralData/@dataType')).toEqual([
        'http://www.w3.org/TR/xmlschema-2/#double',
      ]);
      expect(select('//wps:LiteralData/@uom')).toEqual(['m']);
    });

    it('a document contains a bounding box output with its reference system', async () => {
      const { select } = await execute('extent');
      expect(select('//wps:BoundingBoxData/ows:LowerCorner')).toEqual(['114 -33']);
      expect(select('//wps:BoundingBoxData/ows:UpperCorner')).toEqual(['116 -31']);
      expect(select('//wps:BoundingBoxData/@dimensions')).toEqual(['2']);
      expect(select('//wps:BoundingBoxData/@crs')).toEqual(['urn:ogc:def:crs:OGC:1.3:CRS84']);
    });

    it('a document contains text outputs as characters', async () => {
      const { select } = await execute('text', 'mimeType="application/json"');
      expect(select('//wps:ComplexData')).toEqual(['{ "a": "<b>" }\n']);
      expect(select('//wps:ComplexData/@mimeType')).toEqual(['application/json']);
    });

    it('a document contains XML outputs as elements, with the schema of the format', async () => {
      const { select } = await execute('text', 'mimeType="text/xml"');
      expect(select('//wps:ComplexData/*[local-name()="text"]/*')).toEqual(['a < b']);
      expect(select('//wps:ComplexData/@schema')).toEqual(['https://example.org/text.xsd']);
    });

    it('a document contains binary outputs as base64', async () => {
      const { select } = await execute('grid');
      expect(select('//wps:ComplexData/@encoding')).toEqual(['base64']);
      expect([...Buffer.from(select('//wps:ComplexData')[0] ?? '', 'base64')]).toEqual([
        1, 255, 0, 67, 68, 70,
      ]);
    });

    it('a complex output that is too large for a document is referred to', async () => {
      const { post: limited } = serviceUnderTest({ limits: { inlineOutputBytes: 5 } });
      const { select } = await execute('grid', '', limited);
      expect(select('//wps:Output/wps:Reference/@href')).toHaveLength(1);
      expect((await execute('number', '', limited)).select('//wps:LiteralData')).toEqual(['12.5']);
    });

    describe('none when the document would be larger than Lambda can answer', () => {
      const { post, follow, engine } = serviceUnderTest();
      // As XML it is five times as long: more than 5 MB, from an output of 1 MB.
      const given = '&'.repeat(1_040_000);
      const giveBack = (attributes: string) =>
        post(
          executeXml(
            'give-back',
            [complex('document', `<![CDATA[${given}]]>`, 'mimeType="text/plain"')],
            responseDocument([], attributes),
          ),
        );

      it.each([
        ['a synchronous response', ''],
        ['a synchronous response with lineage', 'lineage="true"'],
        ['a status', asynchronous],
        ['a status with lineage', `${asynchronous} lineage="true"`],
      ])(
        '%s would make the document larger than Lambda can answer, so outputs are referred to',
        async (_, attributes) => {
          let answer = await giveBack(attributes);
          const [location] = answer.select('/wps:ExecuteResponse/@statusLocation');
          if (attributes.includes('store')) {
            await engine.idle();
            answer = await follow(location);
          }
          expect(answer.select('//wps:ProcessSucceeded')).toHaveLength(1);
          expect(Buffer.byteLength(JSON.stringify(answer.text))).toBeLessThan(5_000_000);
          expect(answer.select('//wps:Output/wps:Data | //wps:DataInputs')).toEqual([]);
          const output = await follow(answer.select('//wps:Output/wps:Reference/@href')[0]);
          expect(output.text).toBe(given);
        },
      );
    });
  },
);
