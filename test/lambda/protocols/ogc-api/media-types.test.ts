import { describe, expect, it } from 'vitest';
import {
  isJsonType,
  isTextFormat,
  isTextType,
} from '../../../../lambda/protocols/ogc-api/media-types.ts';

describe('a media type', () => {
  it.each([
    ['application/json', 'JSON'],
    ['Application/JSON; charset=utf-8', 'JSON'],
    ['text/json', 'JSON'],
    ['application/geo+json', 'JSON'],
    ['application/vnd.oai.openapi+json;version=3.0', 'JSON'],
    ['application/jsonish', 'bytes'],
    ['application/x-json-bytes', 'bytes'],
    ['image/json', 'bytes'],
    ['TEXT/csv', 'text'],
    ['application/xml', 'text'],
    ['application/gml+xml; version=3.2', 'text'],
    ['application/yaml', 'text'],
    ['application/javascript', 'text'],
    ['application/xmlish', 'bytes'],
    ['application/x-netcdf; as=text/plain', 'bytes'],
    ['application/x-netcdf; as=application/json', 'bytes'],
    ['application/x-netcdf; as=application/xml', 'bytes'],
    ['application/x-netcdf', 'bytes'],
    ['image/tiff; application=geotiff', 'bytes'],
  ])('a media type such as %s stands for %s', (mimeType, kind) => {
    expect(isJsonType(mimeType)).toBe(kind === 'JSON');
    expect(isTextType(mimeType)).toBe(kind !== 'bytes');
    expect(isTextFormat({ mimeType, extension: '.x' })).toBe(kind !== 'bytes');
    expect(isTextFormat({ mimeType, encoding: 'Base64', extension: '.x' })).toBe(false);
  });
});
