import { expect, it } from 'vitest';
import { requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'version-negotiation',
    clause: 'OGC 06-121r3, 7.3.2',
    title: 'GetCapabilities answers in the first version of the client that is offered, or refuses',
    status: 'done',
  },
  () => {
    const { get, post } = serviceUnderTest();
    const accepting = async (...versions: string[]) => {
      const list = versions.map((version) => `<ows:Version>${version}</ows:Version>`).join('');
      const answers = [
        await get(`service=WPS&request=GetCapabilities&AcceptVersions=${versions.join(',')}`),
        await post(
          requestXml('GetCapabilities', `<wps:AcceptVersions>${list}</wps:AcceptVersions>`),
        ),
      ];
      expect(answers[0]?.text).toBe(answers[1]?.text);
      return answers[0] as NonNullable<(typeof answers)[0]>;
    };

    it.each([[['1.0.0']], [['3.0.0', '1.0.0']], [['1.0.0', '0.4.0']], [['1.0.0', '1.0.0']]])(
      'a client that accepts %j gets version 1.0.0',
      async (versions) => {
        expect((await accepting(...versions)).select('/wps:Capabilities/@version')).toEqual([
          '1.0.0',
        ]);
      },
    );

    it.each([[['3.0.0']], [['0.4.0', '3.0.0']], [['1.0.1']], [['1.00.0']]])(
      'a client that accepts only %j is refused',
      async (versions) => {
        const answer = await accepting(...versions);
        expect(answer.status).toBe(400);
        expect(answer.exception()).toEqual({
          code: 'VersionNegotiationFailed',
          text: `Versions ${versions.join(', ')} are not offered; allowed: 1.0.0.`,
        });
      },
    );

    it('a client that names no version gets the latest one', async () => {
      const answer = await get('service=WPS&request=GetCapabilities');
      expect(answer.select('/wps:Capabilities/@version')).toEqual(['1.0.0']);
    });

    it('text that is not a version counts as a version that is not offered', async () => {
      const answer = await get('service=WPS&request=GetCapabilities&AcceptVersions=latest');
      expect(answer.exception()).toMatchObject({ code: 'VersionNegotiationFailed' });
    });
  },
);
