import { expect, it } from 'vitest';
import { boundingBox, complex, executeXml, literal, rawDataOutput } from '../../execute-xml.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

const jobId = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';

requirement(
  {
    id: 'execute-by-xml',
    clause: 'OGC 05-007r7, 10.2.3 (mandatory)',
    title: 'Execute by POST with XML',
    status: 'done',
  },
  () => {
    it('Execute by XML passes every kind of input to the process', async () => {
      const { post } = serviceUnderTest();
      const answer = await post(
        executeXml(
          'every:Thing',
          [
            literal('text', 'one'),
            literal('text', 'two'),
            literal('length', '5', 'uom="m" dataType="xs:double"'),
            boundingBox('area', '1 2', '3 4'),
            complex('document', '{}', 'mimeType="application/json"'),
          ],
          rawDataOutput('inputs'),
        ),
      );
      expect(answer.status, answer.text).toBe(200);
      expect(JSON.parse(answer.text)).toEqual({
        text: [
          { kind: 'literal', value: 'one', dataType: 'string' },
          { kind: 'literal', value: 'two', dataType: 'string' },
        ],
        length: [{ kind: 'literal', value: '5', dataType: 'double', uom: 'm' }],
        area: [
          {
            kind: 'bounding-box',
            crs: 'urn:ogc:def:crs:OGC:1.3:CRS84',
            lower: [1, 2],
            upper: [3, 4],
          },
        ],
        document: [
          {
            kind: 'complex',
            mimeType: 'application/json',
            encoding: 'utf-8',
            path: expect.any(String),
          },
        ],
      });
    });

    it('Execute by XML stores the request as it was received', async () => {
      const objects = new MemoryObjectStore();
      const body = executeXml('fixed');
      await serviceUnderTest({ objects, mintJobId: () => jobId }).post(body);
      const kept = await objects.get(`jobs/${jobId}/request.xml`);
      expect(Buffer.from(kept?.body ?? '').toString()).toBe(body);
    });
  },
);
