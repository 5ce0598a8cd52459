import { describe, expect, it } from 'vitest';
import { wps20 } from '../../../../lambda/protocols/wps-2.0/protocol.ts';

const recognises = (
  request: { readonly query?: string; readonly body?: Uint8Array },
  wpsVersion?: '1.0.0' | '2.0.0',
) =>
  wps20.recognises?.(
    {
      method: request.body ? 'POST' : 'GET',
      path: '/wps',
      query: request.query ?? '',
      headers: {},
      body: request.body ?? new Uint8Array(),
    },
    wpsVersion ? { wpsVersion } : {},
  );
const wps = 'http://www.opengis.net/wps/2.0';

describe('a request to an endpoint that two versions share', () => {
  it.each([
    ['that names version 2.0.0', 'request=GetCapabilities&version=2.0.0'],
    ['that names version 2.0.0 between spaces, in capitals', 'VERSION=+2.0.0%20'],
    ['that names an empty version, and has the operation of 2.0', 'version=&request=GetStatus'],
    ['that accepts 2.0.0 alone', 'request=GetCapabilities&AcceptVersions=2.0.0'],
    ['that accepts 2.0.0 before 1.0.0', 'acceptversions=3.0.0,+2.0.0+,1.0.0'],
    ['for the status of a job, without a version', 'request=GetStatus'],
    ['for the result of a job, without a version', 'request=getresult'],
    ['for an end of a job, without a version', 'REQUEST=DISMISS'],
  ])('a request %s is one of WPS 2.0', (_, query) => {
    expect(recognises({ query })).toBe(true);
    expect(recognises({ query }, '1.0.0')).toBe(true);
  });

  it.each([
    ['that names version 1.0.0', 'request=GetStatus&version=1.0.0'],
    ['that names version 1.0.0 and accepts 2.0.0', 'version=1.0.0&AcceptVersions=2.0.0'],
    ['that names a version that nobody has', 'request=GetCapabilities&version=2.0'],
    ['that accepts 1.0.0 before 2.0.0', 'request=GetCapabilities&AcceptVersions=1.0.0,2.0.0'],
    ['that accepts neither', 'request=GetCapabilities&AcceptVersions=3.0.0'],
    ['that accepts neither, and nothing', 'request=GetCapabilities&AcceptVersions=3.0.0,'],
    ['for a process, without a version', 'request=DescribeProcess'],
    ['for a job, without a version', 'request=Execute'],
    ['for no operation', 'service=WPS'],
    ['for another operation that ends alike', 'request=DoGetStatus'],
    ['for another operation that begins alike', 'request=DismissAll'],
    ['for other capabilities', 'request=GetCapabilities2'],
    ['for more than the capabilities', 'request=NoGetCapabilities'],
  ])('a request %s is not one of WPS 2.0, whatever version is preferred', (_, query) => {
    expect(recognises({ query })).toBe(false);
    expect(recognises({ query }, '2.0.0')).toBe(false);
  });

  it.each([
    'request=GetCapabilities',
    'REQUEST=getcapabilities',
    'request=GetCapabilities&AcceptVersions=',
    'request=GetCapabilities&AcceptVersions=,',
    'request=GetCapabilities&version=',
  ])('a request for capabilities in no version has the version that is preferred: %s', (query) => {
    expect(recognises({ query }, '2.0.0')).toBe(true);
    expect(recognises({ query }, '1.0.0')).toBe(false);
    expect(recognises({ query })).toBe(false);
  });

  it.each([
    ['in UTF-8', Buffer.from(`<a xmlns="${wps}"/>`), true],
    ['in UTF-16', Buffer.from(`\ufeff<a xmlns="${wps}"/>`, 'utf16le'), true],
    [
      'in UTF-16 with its bytes swapped',
      Buffer.from(`<a xmlns="${wps}"/>`, 'utf16le').swap16(),
      true,
    ],
    ['after a long comment', Buffer.from(`<!--${' '.repeat(8_000)}--><a xmlns="${wps}"/>`), true],
    ['only in its data', Buffer.from(`<a>${' '.repeat(8_192)}<b xmlns="${wps}"/></a>`), false],
    ['nowhere', Buffer.from('<a xmlns="http://www.opengis.net/wps/1.0.0"/>'), false],
  ])(
    'a request whose document names the namespace of WPS 2.0 %s is recognised by it',
    (_, body, is) => {
      expect(recognises({ body })).toBe(is);
      // What its URL says does not matter.
      expect(recognises({ body, query: `version=${is ? '1.0.0' : '2.0.0'}` })).toBe(is);
    },
  );
});
