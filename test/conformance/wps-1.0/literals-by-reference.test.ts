import { expect, it } from 'vitest';
import { executeXml, input } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'literals-by-reference',
    clause: 'OGC 05-007r7, 10.2.1',
    title: 'Literals and bounding boxes by reference',
    status: 'declined',
    why: 'The description of both says that they are embedded in the request, where they can be checked before a job is submitted.',
  },
  () => {
    it.each([
      ['count', 'LiteralData'],
      ['area', 'BoundingBoxData'],
    ])('%s by reference is refused, saying what is allowed', async (identifier, allowed) => {
      const { post } = serviceUnderTest({ limits: { referenceHosts: ['example.org'] } });
      const reference = '<wps:Reference xlink:href="https://example.org/"/>';
      const answer = await post(executeXml('every:Thing', [input(identifier, reference)]));
      expect(answer.exception()).toEqual({
        code: 'InvalidParameterValue',
        locator: identifier,
        text: `Input "${identifier}" is given as reference; allowed: ${allowed}.`,
      });
    });
  },
);
