import { expect, it } from 'vitest';
import { executeXml, literal, rawDataOutput } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'literal-inputs',
    clause: 'OGC 05-007r7, 10.2.1; XML Schema Part 2',
    title: 'Literal inputs are of the described data type and among the allowed values',
    status: 'done',
    note: 'The type is the one of the description; what a client calls it differs from client to client.',
  },
  () => {
    const { post } = serviceUnderTest();
    const execute = (identifier: string, value: string) =>
      post(executeXml('every:Thing', [literal(identifier, value)], rawDataOutput('inputs')));

    it.each([
      ['text', '  white &lt;space&gt;  ', '  white <space>  '],
      ['text', '', ''],
      ['length', ' 5.5\n', '5.5'],
      ['length', '1e1', '1e1'],
      ['length', '-1', '-1'],
      ['count', '+2', '+2'],
      ['count', '10', '10'],
      ['count', '-11', '-11'],
      ['flag', '1', 'true'],
      ['flag', 'false', 'false'],
      ['flag', 'TRUE', 'true'],
      ['flag', 'False', 'false'],
      ['day', '2017-02-28', '2017-02-28'],
      ['day', '2017-06-01Z', '2017-06-01Z'],
      ['instant', '2017-01-01T00:00:00Z', '2017-01-01T00:00:00Z'],
      ['instant', '2017-01-01T00:00:00.000Z', '2017-01-01T00:00:00.000Z'],
      ['instant', '2017-01-01T11:00:00+11:00', '2017-01-01T11:00:00+11:00'],
      ['instant', '2017-01-01T24:00:00', '2017-01-01T24:00:00'],
      ['link', ' https://example.org/?a=b ', 'https://example.org/?a=b'],
      ['choice', 'green', 'green'],
    ])('a literal of type %s accepts "%s"', async (identifier, sent, received) => {
      const answer = await execute(identifier, sent);
      expect(answer.status, answer.text).toBe(200);
      expect(JSON.parse(answer.text)[identifier][0].value).toBe(received);
    });

    it.each([
      ['length', 'five'],
      ['length', ''],
      ['length', '1,5'],
      ['length', '0x10'],
      ['length', 'Infinity'],
      ['length', '100.1'],
      ['length', '-0.5'],
      ['length', 'NaN'],
      ['length', 'INF'],
      ['count', '1.0'],
      ['count', '3'],
      ['flag', 'yes'],
      ['flag', 'T'],
      ['day', '2017-02-29'],
      ['day', '2017-13-01'],
      ['day', '0000-01-01'],
      ['day', '2018-01-01'],
      ['day', '01/02/2017'],
      ['instant', '2016-12-31T23:59:59.999Z'],
      ['instant', '2017-01-01T10:59:59+11:00'],
      ['instant', '2017-01-01T24:00:01Z'],
      ['instant', '2017-01-01T00:00:00+15:00'],
      ['instant', '2017-01-01'],
      ['link', 'a b'],
      ['choice', 'Red'],
      ['choice', ' red'],
    ])('a literal of type %s refuses "%s"', async (identifier, sent) => {
      const answer = await execute(identifier, sent);
      expect(answer.status).toBe(400);
      const { code, locator, text } = answer.exception();
      expect({ code, locator }).toEqual({ code: 'InvalidParameterValue', locator: identifier });
      expect(text).toContain('allowed: ');
    });

    it.each(['double', 'xs:double', 'http://www.w3.org/TR/xmlschema-2/#double', 'urn:x'])(
      "the client's own name for a literal's type is ignored: %s",
      async (dataType) => {
        const answer = await post(
          executeXml(
            'every:Thing',
            [literal('length', '5', `dataType="${dataType}"`)],
            rawDataOutput('inputs'),
          ),
        );
        expect(JSON.parse(answer.text).length[0]).toMatchObject({ dataType: 'double' });
      },
    );

    it('other data in place of a literal is refused', async () => {
      const data = '<wps:Data><wps:ComplexData>5</wps:ComplexData></wps:Data>';
      const answer = await post(
        executeXml('every:Thing', [
          `<wps:Input><ows:Identifier>count</ows:Identifier>${data}</wps:Input>`,
        ]),
      );
      expect(answer.exception()).toEqual({
        code: 'InvalidParameterValue',
        locator: 'count',
        text: 'Input "count" is given as complex; allowed: LiteralData.',
      });
    });
  },
);
