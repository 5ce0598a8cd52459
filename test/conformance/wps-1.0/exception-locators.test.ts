import { expect, it } from 'vitest';
import { executeXml, requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'exception-locators',
    clause: 'OGC 06-121r3, table 25',
    title: '`NoApplicableCode` and `VersionNegotiationFailed` have no locator, the others have one',
    status: 'done',
  },
  () => {
    it.each([
      ['a document that is not well-formed', '<wps:Execute'],
      ['a version that is not offered', requestXml('GetCapabilities', versions('3.0.0'))],
    ])('the exception for %s has no locator', async (_, body) => {
      expect((await serviceUnderTest().post(body)).exception()).not.toHaveProperty('locator');
    });

    it('a fault of the service itself has no locator', async () => {
      const { post, dependencies } = serviceUnderTest();
      const broken = serviceUnderTest({ mintJobId: () => 'no job id' });
      expect(dependencies.configuration.processes).toContain('fixed');
      expect((await post(executeXml('fixed'))).status).toBe(200);
      const answer = await broken.post(executeXml('fixed'));
      expect(answer.status).toBe(500);
      expect(answer.exception()).toEqual({
        code: 'NoApplicableCode',
        text: 'The service failed to answer the request. The reason is in its log.',
      });
    });

    it('the exception for a job that takes too long to wait for has no locator', async () => {
      const { post, engine } = serviceUnderTest();
      engine.isHeld = true;
      const exception = (await post(executeXml('fixed'))).exception();
      expect(exception.code).toBe('NoApplicableCode');
      expect(exception).not.toHaveProperty('locator');
    });

    it('the locator of an unsupported operation is its name', async () => {
      const answer = await serviceUnderTest().get('service=WPS&request=Transaction');
      expect(answer.exception()).toMatchObject({ locator: 'Transaction' });
    });
  },
);

function versions(...accepted: string[]): string {
  const list = accepted.map((version) => `<ows:Version>${version}</ows:Version>`).join('');
  return `<wps:AcceptVersions>${list}</wps:AcceptVersions>`;
}
