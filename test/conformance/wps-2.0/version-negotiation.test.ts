import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { requestXml } from './requests.ts';

const oldRequest =
  '<wps:GetCapabilities service="WPS" xmlns:wps="http://www.opengis.net/wps/1.0.0"/>';

requirement(
  {
    id: 'version-negotiation',
    clause: '14-065r2, 9.8.1; 06-121r9, 7.3.2',
    title: 'WPS 1.0.0 and 2.0.0 share one endpoint, and a request gets the version it asks for',
    status: 'done',
  },
  () => {
    const request = { service: 'WPS', request: 'GetCapabilities' };

    it.each([
      ['names no version', {}, '1.0.0'],
      ['accepts 2.0.0 alone', { AcceptVersions: '2.0.0' }, '2.0.0'],
      ['prefers 2.0.0', { AcceptVersions: '2.0.0,1.0.0' }, '2.0.0'],
      ['prefers 1.0.0', { AcceptVersions: '1.0.0,2.0.0' }, '1.0.0'],
      ['prefers one that is not offered', { AcceptVersions: '3.0.0,2.0.0' }, '2.0.0'],
      ['names version 2.0.0', { version: '2.0.0' }, '2.0.0'],
      ['names version 1.0.0', { version: '1.0.0' }, '1.0.0'],
    ])('a client that %s gets its version', async (_, parameters, expected) => {
      const answer = await serviceUnderTest().get({ ...request, ...parameters });
      expect(answer.status).toBe(200);
      expect(answer.select('/wps:Capabilities/@version')).toEqual([expected]);
    });

    it('a client that names no version gets the configured default version', async () => {
      const set = serviceUnderTest({ configuration: { wpsVersion: '2.0.0' } });
      for (const [parameters, expected] of [
        [{}, '2.0.0'],
        [{ AcceptVersions: '' }, '2.0.0'],
        [{ AcceptVersions: '1.0.0' }, '1.0.0'],
        [{ version: '1.0.0' }, '1.0.0'],
      ] as const) {
        const answer = await set.get({ ...request, ...parameters });
        expect(answer.select('/wps:Capabilities/@version')).toEqual([expected]);
      }
      // The same is true of a document element that states its version.
      const { post } = set;
      expect((await post(oldRequest)).select('/wps:Capabilities/@version')).toEqual(['1.0.0']);
    });

    it('a client that accepts neither version gets a list of the offered ones', async () => {
      const answer = await serviceUnderTest().get({ ...request, AcceptVersions: '3.0.0' });
      expect(answer.status).toBe(400);
      expect(answer.exception()).toMatchObject({ code: 'VersionNegotiationFailed' });
    });

    it('an XML request is read by the namespace of its document element', async () => {
      const { post } = serviceUnderTest();
      const versions = '<ows:AcceptVersions><ows:Version>1.0.0</ows:Version></ows:AcceptVersions>';
      const refused = await post(requestXml('GetCapabilities', versions));
      expect(refused.exception()).toMatchObject({ code: 'VersionNegotiationFailed' });
      const utf16 = Buffer.from(`\ufeff${requestXml('GetCapabilities')}`, 'utf16le');
      expect((await post(utf16)).select('/wps:Capabilities/@version')).toEqual(['2.0.0']);
    });

    it('an exception has the version of its request', async () => {
      const answer = await serviceUnderTest().get({
        ...{ service: 'WPS', version: '2.0.0', request: 'DescribeProcess', Identifier: 'none' },
      });
      expect(answer.select('/ows:ExceptionReport/@version')).toEqual(['2.0.0']);
      expect(answer.exception()).toMatchObject({ code: 'NoSuchProcess', locator: 'none' });
    });
  },
);
