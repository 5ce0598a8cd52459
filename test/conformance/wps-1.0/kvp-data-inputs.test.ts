import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'kvp-data-inputs',
    clause: 'OGC 05-007r7, 10.2.2.1',
    title: 'DataInputs by KVP: `name=value@attribute=value;...`, in brackets or without',
    status: 'done',
    note: 'A value ends only at an attribute that the standard knows, so that mail addresses need no encoding.',
  },
  () => {
    const { get } = serviceUnderTest({ limits: { referenceHosts: ['example.org'] } });
    async function received(dataInputs: string): Promise<Record<string, object[]>> {
      const answer = await get(
        `service=WPS&version=1.0.0&request=Execute&identifier=every:Thing&RawDataOutput=inputs&DataInputs=${dataInputs}`,
      );
      expect(answer.status, answer.text).toBe(200);
      const { length: _, ...inputs } = JSON.parse(answer.text);
      return inputs;
    }
    const text = (...values: string[]) => ({ text: values.map((value) => ({ value })) });

    it.each([
      ['text=one', text('one')],
      ['text=one;text=two', text('one', 'two')],
      ['[text=one;count=1]', { ...text('one'), count: [{ value: '1' }] }],
      ['%5Btext%3Done%3Bcount%3D1%5D', { ...text('one'), count: [{ value: '1' }] }],
      ['text=one;', text('one')],
      ['text=', text('')],
      ['text=one;two', text('one;two')],
      ['text=email.to=a@b.c', text('email.to=a@b.c')],
      ['text=one@datatype=xs:string', text('one')],
      ['count=2@DataType=integer', { count: [{ value: '2' }] }],
    ])('DataInputs are read from KVP: %s', async (dataInputs, inputs) => {
      expect(await received(dataInputs)).toMatchObject(inputs);
    });

    it('DataInputs by KVP may have a unit', async () => {
      const answer = await get(
        'service=WPS&version=1.0.0&request=Execute&identifier=every:Thing&RawDataOutput=inputs&DataInputs=length=35@datatype=xs:double@uom=ft',
      );
      expect(JSON.parse(answer.text).length).toEqual([
        { kind: 'literal', value: '35', dataType: 'double', uom: 'ft' },
      ]);
    });

    it('DataInputs by KVP may have a bounding box as the standard writes it, with CRS and dimensions', async () => {
      const crs = 'urn:ogc:def:crs:EPSG:6.6:4326';
      const area = (found: string | undefined) => ({
        area: [{ crs: found, lower: [46, 102], upper: [47, 103] }],
      });
      expect(await received(`area=46,102,47,103,${crs},2`)).toMatchObject(area(crs));
      expect(await received(`area=46,102,47,103,${crs}`)).toMatchObject(area(crs));
      const withDefault = area('urn:ogc:def:crs:OGC:1.3:CRS84');
      expect(await received('area=46,102,47,103')).toMatchObject(withDefault);
    });

    it('DataInputs by KVP may have complex data with its format', async () => {
      const document = { mimeType: 'application/json', encoding: 'utf-8' };
      for (const attributes of ['@mimeType=application/json', '@Format=application/json']) {
        expect(await received(`document=%7B%7D${attributes}@Encoding=utf-8`)).toMatchObject({
          document: [document],
        });
      }
    });

    it.each([
      'document=@xlink:href=https%3A%2F%2Fexample.org%2Fa@Format=text/xml@Schema=https://example.org/document.xsd',
      'document=@href=https%3A%2F%2Fexample.org%2Fa@Format=text/xml',
      'document=https%3A%2F%2Fexample.org%2Fa@Format=text/xml@asReference=true',
    ])('DataInputs by KVP may have a reference: %s', async (dataInputs) => {
      expect(await received(dataInputs)).toMatchObject({ document: [{ mimeType: 'text/xml' }] });
    });

    it.each(['text', '=one', ';=;', 'text=a;@uom=m', '@uom=m'])(
      'DataInputs by KVP are refused: "%s"',
      async (dataInputs) => {
        const answer = await get(
          `service=WPS&version=1.0.0&request=Execute&identifier=every:Thing&DataInputs=${dataInputs}`,
        );
        expect(answer.status).toBe(400);
        expect(answer.exception()).toMatchObject({ code: 'InvalidParameterValue' });
      },
    );
  },
);
