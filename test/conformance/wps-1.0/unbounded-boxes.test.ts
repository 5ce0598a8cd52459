import { expect, it } from 'vitest';
import { boundingBox, executeXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'unbounded-boxes',
    clause: 'OGC 06-121r3, 10.2.5',
    title: 'Bounding boxes that are infinite along an axis (`-INF`, `INF`)',
    status: 'declined',
    why: 'Processes get their inputs as JSON, which has no infinite numbers. A box around the whole Earth is given by its degrees.',
  },
  () => {
    it('boxes with infinite bounds are refused, saying what is allowed', async () => {
      const answer = await serviceUnderTest().post(
        executeXml('every:Thing', [boundingBox('area', '-INF -90', 'INF 90')]),
      );
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'area',
        text: expect.stringContaining('allowed: 2 finite numbers each.'),
      });
    });
  },
);
