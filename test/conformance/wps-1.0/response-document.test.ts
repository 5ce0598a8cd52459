import { expect, it } from 'vitest';
import { executeXml, output, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'response-document',
    clause: 'OGC 05-007r7, 10.2.1, table 50',
    title:
      'A response document holds the outputs that were asked for, with title and abstract as the client wants them',
    status: 'done',
  },
  () => {
    const { post } = serviceUnderTest();
    const execute = (...outputs: string[]) =>
      post(executeXml('every:Thing', [], responseDocument(outputs)));

    it('a response document contains the requested outputs, in order', async () => {
      const { select } = await execute(output('flag'), output('number'));
      expect(select('//wps:ProcessOutputs/wps:Output/ows:Identifier')).toEqual(['flag', 'number']);
    });

    it('a response document has the titles and abstracts of the description, or the client’s own', async () => {
      const own = '<ows:Title>My title</ows:Title><ows:Abstract>My abstract</ows:Abstract>';
      const { select } = await execute(output('text'), output('number', '', own));
      expect(select('//wps:ProcessOutputs//ows:Title')).toEqual(['Text', 'My title']);
      expect(select('//wps:ProcessOutputs//ows:Abstract')).toEqual([
        'Ready to fetch.',
        'My abstract',
      ]);
    });

    it('a request for an output that the process does not have is refused', async () => {
      const answer = await execute(output('number'), output('nothing'));
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'nothing',
      });
    });

    it('a request for the same output twice is refused', async () => {
      expect((await execute(output('number'), output('number'))).exception()).toEqual({
        code: 'InvalidParameterValue',
        locator: 'number',
        text: 'Output "number" is asked for more than once.',
      });
    });
  },
);
