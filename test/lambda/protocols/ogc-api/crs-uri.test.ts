import { describe, expect, it } from 'vitest';
import { crsUri, isSameCrs } from '../../../../lambda/protocols/ogc-api/crs-uri.ts';

const base = 'http://www.opengis.net/def/crs';

describe('the URI of a coordinate reference system', () => {
  it.each([
    ['urn:ogc:def:crs:EPSG::4326', `${base}/EPSG/0/4326`],
    ['urn:x-ogc:def:crs:EPSG:6.6:4326', `${base}/EPSG/6.6/4326`],
    ['URN:OGC:DEF:CRS:OGC:1.3:CRS84', `${base}/OGC/1.3/CRS84`],
    ['EPSG:4326', `${base}/EPSG/0/4326`],
    ['epsg:3577', `${base}/EPSG/0/3577`],
    ['EPSG:', 'EPSG:'],
    ['OGC:', 'OGC:'],
    ['crs:crs84', `${base}/OGC/1.3/CRS84`],
    ['OGC:84:1', 'OGC:84:1'],
    ['my EPSG:4326', 'my EPSG:4326'],
    ['my CRS:84', 'my CRS:84'],
    ['urn:ogc:def:crs:EPSG::4326:1', 'urn:ogc:def:crs:EPSG::4326:1'],
    ['CRS:84', `${base}/OGC/1.3/CRS84`],
    ['OGC:CRS84', `${base}/OGC/1.3/CRS84`],
    [`${base}/EPSG/9.9/4326`, `${base}/EPSG/9.9/4326`],
    ['urn:ogc:def:crs:EPSG:4326', 'urn:ogc:def:crs:EPSG:4326'],
    ['a urn:ogc:def:crs:EPSG::4326', 'a urn:ogc:def:crs:EPSG::4326'],
    ['ESRI:54009', 'ESRI:54009'],
  ])('the URI of the coordinate reference system %s is %s', (name, uri) => {
    expect(crsUri(name)).toBe(uri);
  });

  it.each([
    ['EPSG:4326', 'urn:ogc:def:crs:EPSG:6.6:4326', true],
    [`${base}/EPSG/9.9/4326`, 'https://www.opengis.net/def/crs/epsg/0/4326', true],
    ['EPSG:4326', 'EPSG:4327', false],
    ['EPSG:4326', 'CRS:84', false],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 'urn:ogc:def:crs:OGC:1.2:CRS84', false],
  ])(
    'the URIs of the coordinate reference systems %s and %s mean the same: %s',
    (one, other, same) => {
      expect(isSameCrs(one, other)).toBe(same);
      expect(isSameCrs(other, one)).toBe(same);
    },
  );
});
