import { expect, it } from 'vitest';
import { serve } from '../../../lambda/service.ts';
import { asynchronous, executeXml, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'process-offerings',
    clause: 'OGC 05-007r7, 7.2 and 8.3.3',
    title: 'ProcessOfferings briefly describes every process that runs here, and no other',
    status: 'done',
  },
  () => {
    it('the capabilities list identifier, title, abstract, metadata and version of each process', async () => {
      const { select } = await serviceUnderTest().get('service=WPS&request=GetCapabilities');
      expect(select('//wps:Process/ows:Identifier')).toEqual([
        'every:Thing',
        'give-back',
        'failing',
        'fixed',
      ]);
      const process = '//wps:Process[ows:Identifier="every:Thing"]';
      expect(select(`${process}/ows:Title`)).toEqual(['Every <thing> & "more"']);
      expect(select(`${process}/ows:Abstract`)).toEqual(['Has every kind of input and output.']);
      expect(select(`${process}/ows:Metadata/@xlink:title`)).toEqual(['About', 'No link']);
      expect(select(`${process}/@wps:processVersion`)).toEqual(['1.2.3']);
    });

    it('the capabilities leave out processes that are not configured here, and Execute refuses them', async () => {
      const { get, post } = serviceUnderTest({ configuration: { processes: ['fixed'] } });
      const { select } = await get('service=WPS&request=GetCapabilities');
      expect(select('//wps:Process/ows:Identifier')).toEqual(['fixed']);
      expect((await post(executeXml('failing'))).exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'Identifier',
      });
    });

    it('without a configured process every operation says that none is configured', async () => {
      const { get, post, send, log } = serviceUnderTest({ configuration: { processes: [] } });
      const answers = [
        await get('service=WPS&request=GetCapabilities'),
        await get('service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL'),
        await get('service=WPS&version=1.0.0&request=DescribeProcess&identifier=fixed'),
        await post(executeXml('fixed')),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(500);
        expect(answer.exception()).toEqual({
          code: 'NoApplicableCode',
          text: 'No process is configured: the configuration of environment "TEST" has a job definition for none.',
        });
      }
      const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
      const status = await send({ path: '/TEST/wps/jobStatus', query: `jobId=${id}` });
      expect(status.status).toBe(404);
      expect(status.exception()).toMatchObject({ locator: 'jobId' });
      expect(log.filter((line) => line.includes('request failed'))).toEqual([]);
    });

    it('the status of a job is shown even if its process is no longer offered', async () => {
      const { dependencies, post, engine } = serviceUnderTest();
      const { select } = await post(executeXml('fixed', [], responseDocument([], asynchronous)));
      await engine.idle();
      const { status } = await serve(
        {
          method: 'GET',
          path: '/TEST/wps/jobStatus',
          query: new URL(select('//@statusLocation')[0] ?? '').search.slice(1),
          headers: {},
          body: new Uint8Array(),
        },
        { ...dependencies, configuration: { ...dependencies.configuration, processes: [] } },
      );
      expect(status).toBe(200);
    });
  },
);
