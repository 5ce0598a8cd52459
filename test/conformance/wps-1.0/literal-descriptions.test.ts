import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'literal-descriptions',
    clause: 'OGC 05-007r7, 9.3.1',
    title: 'Literals are described with data type, units, allowed values and ranges, and default',
    status: 'done',
  },
  () => {
    const describe = () =>
      serviceUnderTest().get(
        'service=WPS&version=1.0.0&request=DescribeProcess&identifier=every:Thing',
      );

    it.each([
      ['text', 'string'],
      ['length', 'double'],
      ['count', 'integer'],
      ['flag', 'boolean'],
      ['day', 'date'],
      ['instant', 'dateTime'],
      ['link', 'anyURI'],
    ])('a literal description has the data type of %s', async (identifier, dataType) => {
      const { select } = await describe();
      const type = `//Input[ows:Identifier="${identifier}"]/LiteralData/ows:DataType`;
      expect(select(type)).toEqual([dataType]);
      expect(select(`${type}/@ows:reference`)).toEqual([
        `http://www.w3.org/TR/xmlschema-2/#${dataType}`,
      ]);
    });

    it('a literal description lists its units, the default among the supported ones', async () => {
      const { select } = await describe();
      for (const literal of [
        '//Input[ows:Identifier="length"]/LiteralData',
        '//Output[ows:Identifier="number"]/LiteralOutput',
      ]) {
        expect(select(`${literal}/UOMs/Default/ows:UOM`)).toEqual(['m']);
        expect(select(`${literal}/UOMs/Supported/ows:UOM`)).toEqual(['m', 'ft']);
      }
      expect(select('//Input[ows:Identifier="count"]//UOMs')).toEqual([]);
    });

    it('a literal description lists allowed values, and ranges with one or both bounds', async () => {
      const { select } = await describe();
      const count = '//Input[ows:Identifier="count"]//ows:AllowedValues';
      expect(select(`${count}/ows:Value`)).toEqual(['1', '2']);
      expect(select(`${count}/ows:Range[1]/ows:MinimumValue`)).toEqual(['10']);
      expect(select(`${count}/ows:Range[1]/ows:MaximumValue`)).toEqual([]);
      expect(select(`${count}/ows:Range[2]/ows:MaximumValue`)).toEqual(['-10']);
      expect(select(`${count}/ows:Range/@ows:rangeClosure`)).toEqual(['closed', 'closed']);
      expect(select('//Input[ows:Identifier="text"]//ows:AnyValue')).toHaveLength(1);
    });

    it('a literal description has the default value, if there is one', async () => {
      const { select } = await describe();
      expect(select('//Input[ows:Identifier="length"]//DefaultValue')).toEqual(['10']);
      expect(select('//Input[ows:Identifier="count"]//DefaultValue')).toEqual([]);
    });
  },
);
