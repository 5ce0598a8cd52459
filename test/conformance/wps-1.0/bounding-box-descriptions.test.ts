import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'bounding-box-descriptions',
    clause: 'OGC 05-007r7, 9.3.1',
    title: 'Bounding boxes are described with their coordinate reference systems',
    status: 'done',
  },
  () => {
    it.each([
      '//Input[ows:Identifier="area"]/BoundingBoxData',
      '//Output[ows:Identifier="extent"]/BoundingBoxOutput',
    ])('bounding box %s: the default reference system is among the supported ones', async (box) => {
      const { select } = await serviceUnderTest().get(
        'service=WPS&version=1.0.0&request=DescribeProcess&identifier=every:Thing',
      );
      expect(select(`${box}/Default/CRS`)).toEqual(['urn:ogc:def:crs:OGC:1.3:CRS84']);
      expect(select(`${box}/Supported/CRS`)).toEqual([
        'urn:ogc:def:crs:OGC:1.3:CRS84',
        'urn:ogc:def:crs:EPSG:6.6:4326',
      ]);
    });
  },
);
