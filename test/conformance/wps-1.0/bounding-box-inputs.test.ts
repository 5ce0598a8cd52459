import { expect, it } from 'vitest';
import { boundingBox, executeXml, input, rawDataOutput } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'bounding-box-inputs',
    clause: 'OGC 05-007r7, 10.2.1; OGC 06-121r3, 10.2',
    title: 'Bounding box inputs, in a supported coordinate reference system',
    status: 'done',
    note: 'The lower corner may be beyond the upper one, as for a box across the antimeridian.',
  },
  () => {
    const { post } = serviceUnderTest();
    const execute = (area: string) =>
      post(executeXml('every:Thing', [area], rawDataOutput('inputs')));
    const received = async (area: string) => {
      const answer = await execute(area);
      expect(answer.status, answer.text).toBe(200);
      return JSON.parse(answer.text).area[0];
    };
    const crs84 = 'urn:ogc:def:crs:OGC:1.3:CRS84';
    const epsg4326 = 'urn:ogc:def:crs:EPSG:6.6:4326';

    it.each([
      ['1 2', '3 4', '', { crs: crs84, lower: [1, 2], upper: [3, 4] }],
      ['1 2', '3 4', `crs="${epsg4326}" dimensions="2"`, { crs: epsg4326 }],
      ['\n-1.5e1\t2 ', ' 3 4', '', { lower: [-15, 2] }],
      ['170 -10', '-170 10', '', { lower: [170, -10], upper: [-170, 10] }],
      ['1 2 3', '4 5 6', 'dimensions="3"', { lower: [1, 2, 3], upper: [4, 5, 6] }],
    ])('a bounding box from "%s" to "%s" %s is accepted', async (lower, upper, attributes, box) => {
      expect(await received(boundingBox('area', lower, upper, attributes))).toMatchObject(box);
    });

    it.each([
      ['1 2', '3', ''],
      ['1 2', '3 4', 'dimensions="3"'],
      ['', '', ''],
      ['1 2', '3 4', 'crs="urn:ogc:def:crs:EPSG::3857"'],
      ['1 2', '3 NaN', ''],
    ])('a bounding box from "%s" to "%s" %s is refused', async (lower, upper, attributes) => {
      const answer = await execute(boundingBox('area', lower, upper, attributes));
      expect(answer.status).toBe(400);
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'area',
      });
    });

    const corners = '<ows:LowerCorner>1 2</ows:LowerCorner><ows:UpperCorner>3 4</ows:UpperCorner>';
    it.each([
      ['directly in wps:Input', `<wps:BoundingBoxData>${corners}</wps:BoundingBoxData>`],
      [
        'as ows:BoundingBox, with namespaces of its own',
        `<wps:Data><b:BoundingBox xmlns:b="http://www.opengis.net/ows/1.1" crs="${crs84}">${corners.replaceAll('ows:', 'b:')}</b:BoundingBox></wps:Data>`,
      ],
    ])('a bounding box as OpenLayers 2 sends it is accepted: %s', async (_, form) => {
      expect(await received(input('area', form))).toEqual({
        kind: 'bounding-box',
        crs: crs84,
        lower: [1, 2],
        upper: [3, 4],
      });
    });

    it('an invalid bounding box as OpenLayers 2 sends it is refused', async () => {
      const form =
        '<wps:BoundingBoxData><ows:LowerCorner>1 2</ows:LowerCorner></wps:BoundingBoxData>';
      expect((await execute(input('area', form))).exception()).toMatchObject({
        code: 'MissingParameterValue',
        locator: 'UpperCorner',
      });
    });
  },
);
