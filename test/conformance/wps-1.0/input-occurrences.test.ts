import { expect, it } from 'vitest';
import { executeXml, literal, rawDataOutput } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { everything, fixed } from '../../test-catalogue.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'input-occurrences',
    clause: 'OGC 05-007r7, 9.3.1 and 10.2.1',
    title:
      'Inputs come as often as their description says, and defaults stand in for what is left out',
    status: 'done',
  },
  () => {
    const { post } = serviceUnderTest({
      catalogue: [
        {
          ...fixed,
          identifier: 'counting',
          inputs: [
            {
              kind: 'literal',
              identifier: 'two',
              title: 'Two',
              minOccurs: 2,
              maxOccurs: 3,
              dataType: 'integer',
            },
            {
              kind: 'literal',
              identifier: 'one',
              title: 'One',
              minOccurs: 0,
              maxOccurs: 1,
              dataType: 'integer',
              default: '7',
            },
          ],
          outputs: [
            everything.outputs.find(({ identifier }) => identifier === 'inputs') ??
              fixed.outputs[0],
          ],
        },
      ],
    });
    const execute = (...inputs: string[]) =>
      post(executeXml('counting', inputs, rawDataOutput('inputs')));
    const two = (count: number) => Array.from({ length: count }, () => literal('two', '1'));

    it.each([
      [0, 'MissingParameterValue', 'Input "two" is missing.'],
      [1, 'InvalidParameterValue', 'Input "two" is given 1 times; allowed: 2 to 3.'],
      [4, 'InvalidParameterValue', 'Input "two" is given 4 times; allowed: 2 to 3.'],
    ])(
      '%i occurrences of an input that is needed two to three times are refused',
      async (count, code, text) => {
        expect((await execute(...two(count))).exception()).toEqual({ code, locator: 'two', text });
      },
    );

    it('allowed occurrences of an input are accepted in order, between others', async () => {
      const answer = await execute(literal('two', '1'), literal('one', '2'), literal('two', '3'));
      const inputs = JSON.parse(answer.text);
      expect(inputs.two.map(({ value }: { value: string }) => value)).toEqual(['1', '3']);
      expect(inputs.one).toMatchObject([{ value: '2' }]);
    });

    it('a missing input gets its default', async () => {
      expect(JSON.parse((await execute(...two(2))).text).one).toMatchObject([{ value: '7' }]);
    });

    it('an input that the process does not have is refused', async () => {
      expect((await execute(...two(2), literal('three', '1'))).exception()).toEqual({
        code: 'InvalidParameterValue',
        locator: 'three',
        text: 'Process "counting" has no input "three"; its inputs are "two", "one".',
      });
    });
  },
);
