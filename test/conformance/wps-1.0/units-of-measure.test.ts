import { expect, it } from 'vitest';
import { executeXml, literal, output, rawDataOutput, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'units-of-measure',
    clause: 'OGC 05-007r7, 9.3.1 and 10.2.1',
    title: 'A literal is in its default unit, or in another supported one that the client names',
    status: 'done',
    note: 'Allowed values are in the default unit; a value in another unit is for the process to judge.',
  },
  () => {
    const { post } = serviceUnderTest();
    const execute = (value: string, attributes = '') =>
      post(
        executeXml('every:Thing', [literal('length', value, attributes)], rawDataOutput('inputs')),
      );
    const received = async (value: string, attributes = '') =>
      JSON.parse((await execute(value, attributes)).text).length[0];

    it('a literal input may be in the default unit', async () => {
      expect(await received('5')).toMatchObject({ value: '5', uom: 'm' });
    });

    it('a literal input may be in another unit, with a value that the default unit would not allow', async () => {
      expect(await received('300', 'uom="ft"')).toMatchObject({ value: '300', uom: 'ft' });
      expect((await execute('300', 'uom="m"')).status).toBe(400);
    });

    it.each(['km', 'M', ''])(
      'an unsupported unit of a literal input is refused: "%s"',
      async (uom) => {
        expect((await execute('5', `uom="${uom}"`)).exception()).toEqual({
          code: 'InvalidParameterValue',
          locator: 'length',
          text: `Input "length" has unit "${uom}"; allowed: "m", "ft".`,
        });
      },
    );

    it('a unit for an input without units is refused', async () => {
      const answer = await post(executeXml('every:Thing', [literal('count', '1', 'uom="m"')]));
      expect(answer.exception()).toMatchObject({
        text: 'Input "count" has unit "m"; allowed: none.',
      });
    });

    it.each([
      ['', 'm'],
      ['uom="ft"', 'ft'],
    ])('an output can be requested with unit "%s"', async (attributes, uom) => {
      const { select } = await post(
        executeXml('every:Thing', [], responseDocument([output('number', attributes)])),
      );
      expect(select('//wps:LiteralData/@uom')).toEqual([uom]);
    });

    it.each(['number', 'flag'])(
      'an unsupported unit of output %s is refused',
      async (identifier) => {
        const answer = await post(
          executeXml('every:Thing', [], responseDocument([output(identifier, 'uom="km"')])),
        );
        expect(answer.exception()).toMatchObject({
          code: 'InvalidParameterValue',
          locator: identifier,
        });
      },
    );
  },
);
